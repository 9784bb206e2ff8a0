"""A field's HTML as the Markdown of a card, and as plain text.

HTML in any state goes in; Markdown comes out, with what it does not hold. `text` writes all of it,
`code` what is shown as code, and `tree` names what both see in a tree of HTML. Nothing is fetched.
"""
