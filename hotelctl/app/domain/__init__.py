"""Pure rules: identifiers, schema compatibility, roles, failures. No input or output."""
