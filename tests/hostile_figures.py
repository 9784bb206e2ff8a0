"""SVG files that do more than draw: run, fetch, lead elsewhere, or grow without end."""

from __future__ import annotations

from base64 import b64encode

_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:h="http://www.w3.org/1999/xhtml" xmlns:ev="http://www.w3.org/2001/xml-events" '
    'width="90" height="90"{}>{}</svg>'
)
_HIT, _AWAY = "window.hit=1", "http://attack.invalid/x"
_RECT = '<rect width="90" height="90" {}/>'
_NESTED = b64encode(_HEAD.format("", f"<script>{_HIT}</script>").encode()).decode()


def _svg(inside: str, root: str = "") -> str:
    return _HEAD.format(root, inside)


_INSIDE = {
    # what runs
    "script": f"<script>{_HIT}</script>",
    "script-cdata": f"<script><![CDATA[{_HIT}]]></script>",
    "script-href": f'<script href="{_AWAY}"/>',
    "script-of-html": f"<h:script>{_HIT}</h:script>",
    "event-error": f'<image href="x" onerror="{_HIT}"/>',
    "event-begin": f'<animate onbegin="{_HIT}" attributeName="x" dur="1s"/>',
    "event-of-html": f'<h:img src="x" onerror="{_HIT}"/>',
    "event-capitals": f'<h:body ONLOAD="{_HIT}"/>',
    "listener": f'<ev:listener event="load" handler="javascript:{_HIT}"/>',
    "handler": f'<handler type="application/ecmascript" ev:event="load">{_HIT}</handler>',
    "foreign": '<foreignObject width="9" height="9"><h:iframe srcdoc="x"/></foreignObject>',
    "foreign-plain": '<foreignObject width="9" height="9"><h:p>x</h:p></foreignObject>',
    "frame": '<h:iframe src="javascript:parent.hit=1"/>',
    "link-script": f'<a href="javascript:{_HIT}"><text y="9">x</text></a>',
    "link-script-tabs": f'<a xlink:href="java&#9;script:{_HIT}"><text y="9">x</text></a>',
    "link-data": '<a href="data:text/html,&lt;script&gt;1&lt;/script&gt;"><text y="9">x</text></a>',
    "link-drawing": f'<a href="data:image/svg+xml;base64,{_NESTED}"><text y="9">x</text></a>',
    "set-link": f'<a><set attributeName="href" to="javascript:{_HIT}"/><text y="9">x</text></a>',
    "animate-link": f'<a><animate attributeName="xlink:href" values="#;javascript:{_HIT}"/><text y="9">x</text></a>',
    "set-event": f'<rect width="9" height="9"><set attributeName="onclick" to="{_HIT}"/></rect>',
    "set-spaced": '<a><set attributeName=" href " to="#"/><text y="9">x</text></a>',
    "use-data": f'<use href="data:image/svg+xml;base64,{_NESTED}#a"/>',
    "nested-drawing": f'<image href="data:image/svg+xml;base64,{_NESTED}" width="9" height="9"/>',
    "nested-html": '<image href="data:text/html,x" width="9" height="9"/>',
    # what fetches, or leads elsewhere
    "image": f'<image href="{_AWAY}" width="9" height="9"/>',
    "image-xlink": f'<image xlink:href="{_AWAY}" width="9" height="9"/>',
    "image-file": '<image href="secret.png" width="9" height="9"/>',
    "image-protocol": '<image href="//attack.invalid/x" width="9" height="9"/>',
    "image-of-html": f'<h:img src="{_AWAY}"/>',
    "image-set-of-html": f'<h:img srcset="{_AWAY} 2x"/>',
    "picture-of-html": f'<h:picture><h:source srcset="{_AWAY}"/><h:img/></h:picture>',
    "video-of-html": f'<h:video src="{_AWAY}" autoplay=""/>',
    "object-of-html": f'<h:object data="{_AWAY}"/>',
    "embed-of-html": f'<h:embed src="{_AWAY}"/>',
    "link-of-html": f'<h:link rel="stylesheet" href="{_AWAY}"/>',
    "refresh-of-html": f'<h:meta http-equiv="refresh" content="0;url={_AWAY}"/>',
    "form-of-html": f'<h:form action="{_AWAY}"><h:button>x</h:button></h:form>',
    "html-in-words": f'<desc><h:img src="{_AWAY}"/></desc>',
    "html-in-metadata": f'<metadata><h:img src="{_AWAY}"/></metadata>',
    "use": f'<use href="{_AWAY}#a"/>',
    "filter-image": f'<filter id="f"><feImage href="{_AWAY}"/></filter><rect filter="url(#f)" width="9" height="9"/>',
    "text-path": f'<text><textPath href="{_AWAY}#a">x</textPath></text>',
    "link-away": f'<a href="{_AWAY}"><text y="9">x</text></a>',
    "link-ping": f'<a href="#a" ping="{_AWAY}"><text y="9">x</text></a>',
    "cursor": f'<rect width="9" height="9" cursor="url({_AWAY}),auto"/>',
    "fill": f'<rect width="9" height="9" fill="url({_AWAY}#a)"/>',
    "fill-escaped": f'<rect width="9" height="9" filter="u\\72l({_AWAY}#a)"/>',
    "mask-escaped": f'<rect width="9" height="9" mask="\\75rl({_AWAY})"/>',
    "set-fill": f'<rect width="9" height="9"><set attributeName="fill" to="u\\72l({_AWAY}#a)"/></rect>',
    "style-import": f"<style>@import '{_AWAY}';</style>",
    "style-import-url": f"<style>@import url({_AWAY});</style>",
    "style-escaped": f"<style>@\\69mport '{_AWAY}';</style>",
    "style-background": f"<style>svg {{ background: url({_AWAY}) }}</style>",
    "style-spaced": f"<style>svg {{ background: url(\n'{_AWAY}') }}</style>",
    "style-image-set": f"<style>svg {{ background: image-set('{_AWAY}' 1x) }}</style>",
    "style-font": f"<style>@font-face {{ font-family: f; src: url({_AWAY}) }} text {{ font: 9px f }}</style>",
    "style-font-src": f"<style>@font-face {{ font-family: f; src: src('{_AWAY}') }}</style>",
    "style-file": "<style>svg { background: url(secret.png) }</style>",
    "style-cdata": f"<style><![CDATA[svg {{ background: url({_AWAY}) }}]]></style>",
    "style-split": f"<style>@imp<!-- -->ort '{_AWAY}';</style>",
    "style-of-html": f"<h:style>@import '{_AWAY}';</h:style>",
    "style-attribute": f'<rect width="9" height="9" style="fill: url({_AWAY})"/>',
    "style-attribute-escaped": f'<rect width="9" height="9" style="fill: u\\72l({_AWAY})"/>',
    "base": f'<g xml:base="{_AWAY}"><use href="#a"/></g>',
}

BOMB = '<g id="g0"><path d="M0 0h9"/></g>' + "".join(
    f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 12)
)

HOSTILE = {
    **{name: _svg(inside) for name, inside in _INSIDE.items()},
    "event-root": _svg("", f' onload="{_HIT}"'),
    "event-default": f"<!DOCTYPE svg [<!ATTLIST svg onload CDATA '{_HIT}'>]>{_svg('')}",
    "entity": f"<!DOCTYPE svg [<!ENTITY e '&#60;script>{_HIT}&#60;/script>'>]>{_svg('&e;')}",
    "entity-file": f'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>{_svg("<text>&e;</text>")}',
    "entity-parameter": f'<!DOCTYPE svg [<!ENTITY % e SYSTEM "{_AWAY}"> %e;]>{_svg("")}',
    "entity-bomb": "<!DOCTYPE svg [<!ENTITY a '0123456789'>"
    + "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + f"]>{_svg('<text>&i;</text>')}",
    "subset": f'<!DOCTYPE svg [<!NOTATION n SYSTEM "{_AWAY}">]>{_svg("")}',
    "stylesheet": f'<?xml-stylesheet href="{_AWAY}"?>{_svg("")}',
    "stylesheet-sheet": f'<?xml-stylesheet type="text/xsl" href="#x"?>{_svg("")}',
    "html": f'<html xmlns="http://www.w3.org/1999/xhtml"><script>{_HIT}</script></html>',
    "no-namespace": f"<svg><script>{_HIT}</script></svg>",
    "deep": _svg("<g>" * 20_000 + "</g>" * 20_000),
    "use-bomb": _svg(BOMB + '<use href="#g11"/>'),
    "use-loop": _svg(
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g><use href="#a"/>'
    ),
}
"""Files by what is wrong with them."""

HONEST = {
    "plain": _svg(_RECT.format('fill="#fff"')),
    "matplotlib": '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n<!DOCTYPE svg PUBLIC '
    '"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    + _svg(
        '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:cc="http://creativecommons.org/ns#"><cc:Work rdf:about="http://example.org/">'
        '<cc:license rdf:resource="http://example.org/"/></cc:Work></rdf:RDF></metadata>'
        '<defs><style type="text/css">*{stroke-linejoin: round}</style></defs>'
        '<defs><clipPath id="c"><rect width="9" height="9"/></clipPath></defs>'
        '<g clip-path="url(#c)"><use xlink:href="#c" style="stroke: #000; marker: url(\'#m\')"/></g>'
    ),
    "inkscape": _svg(
        '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" '
        'pagecolor="#fff"/><g xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
        'inkscape:label="C:\\a (1)"><text font-family="a, b"><tspan>x</tspan></text></g>'
    ),
    "gradient": _svg(
        '<linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient>'
        '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter>'
        '<rect width="9" height="9" fill="url( #g )" filter=\'url("#f")\'/>'
    ),
    "raster": _svg('<image width="9" height="9" href="data:image/png;base64,iVBORw0KGgo="/>'),
    "moving": _svg(
        '<circle r="9"><animate attributeName="r" values="9;1" dur="1s"/>'
        '<animateTransform attributeName="transform" type="rotate" values="0;9" dur="1s"/></circle>'
    ),
    "link-inside": _svg(
        '<g id="x"><a href="#x"><text y="9">x</text></a><set href="#x" attributeName="fill" to="red"/></g>'
    ),
    "words": _svg("<title>A &amp; B</title><desc>url( and @import in words</desc>"),
}
"""Files that programs for drawing write."""
