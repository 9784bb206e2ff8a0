"""Cards as Anki draws them: a note type and the texts of fields go in, both sides as HTML come out.

It is Anki's template language, rule by rule and byte for byte: tests hold it to the real Anki. What
a client does with the HTML then, such as setting formulas and playing sounds, is not done here.
"""
