"""The pages and endpoints of the web application, one module a subject."""
