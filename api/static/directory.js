// The design system's own script, for "Exit this page", the skip link and the error summary.
// Everything works without it; with it, Shift three times leaves the page behind an overlay.

import {
  Button,
  ErrorSummary,
  ExitThisPage,
  SkipLink,
  createAll
} from '/static/design-system/govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
for (const component of [ExitThisPage, SkipLink, ErrorSummary, Button]) createAll(component)
