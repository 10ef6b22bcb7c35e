"""workflows.yaml and the environment: read, checked and turned into frozen values.

`loading.load` is the entry; `lastgood.LastGood` serves a running daemon; `settings` knows the environment and secrets;
`starter` finds what ships; `editor.json_schema` is for editors. Nothing is imported here, so that each costs only
what it needs.
"""
