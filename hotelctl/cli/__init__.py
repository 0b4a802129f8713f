"""The command line: parse, wire, call, render, exit. Names that begin with an underscore are no commands."""
