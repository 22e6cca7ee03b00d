// For pages that were handed out as files: the design system's script without modules, which
// browsers do not load from a disk; a field that narrows the list of a page; and a word when the
// last day has passed. Everything works without it. It keeps nothing and asks nobody.

(() => {
  const narrow = (place, items) => {
    const label = document.createElement('label')
    label.className = 'govuk-label'
    label.htmlFor = 'narrow-words'
    label.textContent = place.dataset.label
    const field = document.createElement('input')
    field.className = 'govuk-input'
    field.id = 'narrow-words'
    field.type = 'text'
    field.autocomplete = 'off'
    field.spellcheck = false
    const told = document.createElement('p')
    told.className = 'small'
    told.setAttribute('role', 'status')
    const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
    const texts = items.map((item) => plain(item.textContent))
    field.addEventListener('input', () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean)
      let shown = 0
      items.forEach((item, at) => {
        item.hidden = !words.every((word) => texts[at].includes(word))
        if (!item.hidden) shown += 1
      })
      told.textContent = words.length ? `${shown} / ${items.length} ${place.dataset.left}` : ''
    })
    // A form, which is not printed; it is never sent.
    const form = document.createElement('form')
    form.className = 'govuk-form-group'
    form.addEventListener('submit', (event) => event.preventDefault())
    form.append(label, field, told)
    place.append(form)
  }

  const start = (design) => {
    if (!design) return
    document.body.classList.add('js-enabled', 'govuk-frontend-supported')
    for (const name of ['ExitThisPage', 'SkipLink', 'Button']) design.createAll(design[name])
  }

  const place = document.getElementById('narrow')
  const items = [...document.querySelectorAll('.results > .result')]
  if (place && items.length > 3) narrow(place, items)

  const until = document.getElementById('until')
  if (until) {
    const now = new Date()
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    const today = day.map((part) => String(part).padStart(2, '0')).join('-')
    if (today > until.dataset.until) {
      for (const told of until.querySelectorAll('[hidden]')) told.hidden = false
      for (const contacts of document.querySelectorAll('.contacts')) contacts.hidden = true
    }
  }

  const own = document.currentScript.src
  const other = document.createElement('script')
  other.src = own.replace('directory-pages.js', 'design-system/govuk-frontend.min.js')
  other.onload = () => start(window.designSystem)
  document.head.append(other)
})()
