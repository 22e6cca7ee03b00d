"use strict";
// Swagger UI over this application's own description; nothing is loaded from elsewhere.
window.addEventListener("DOMContentLoaded", () => {
  window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    validatorUrl: null,
    queryConfigEnabled: false,
  });
});
