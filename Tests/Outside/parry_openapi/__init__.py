"""What `openapi.py` is made of: the documents, schemathesis over them, and the clients made from
them. Needs the packages of `scripts/setup openapi`, unlike `parry_outside`."""
