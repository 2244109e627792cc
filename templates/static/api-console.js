// Swagger UI over the service's own OpenAPI document; nothing is sent to anybody else.
window.SwaggerUIBundle({ url: "/schema/openapi.json", dom_id: "#console", deepLinking: true, validatorUrl: null });
