"""The REST interface: thin doors to the services and selectors of the pages. No picture or template is ever in it."""
