"""HTML to text: what a reader sees, where links lead, and which blockquotes are quotes."""

from __future__ import annotations

import time

import pytest

from router.mail import hypertext, quotes
from tests.mail.builders import html_message

TO_ORDER = "https://shop.example/o/1"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f'See <a href="{TO_ORDER}">your order</a>.', f"See your order <{TO_ORDER}>."),
        (f'<a href="{TO_ORDER}">your order </a>now', f"your order <{TO_ORDER}> now"),
        (f'<a href="{TO_ORDER}">{TO_ORDER}</a>', TO_ORDER),
        ('<a href="https://www.shop.example/">shop.example</a>', "shop.example"),
        ('<a href="http://shop.example/long/path">shop.example/long…</a>', "shop.example/long…"),
        ('<a href="https://track.example/x">www.shop.example</a>', "www.shop.example <https://track.example/x>"),
        ('<a href="https://shop.example/?a=1&amp;b=2">here</a>', "here <https://shop.example/?a=1&b=2>"),
        ('<a href="https://shop.example/?a=&lt;b&gt;">here</a>', "here <https://shop.example/?a=%3Cb%3E>"),
        ('<a href="mailto:ann@x.example">ann@x.example</a>', "ann@x.example"),
        ('<a href="mailto:ann@x.example?subject=Hi">Ann</a>', "Ann <ann@x.example>"),
        ('<a href="tel:+15551234567">+1 (555) 123-4567</a>', "+1 (555) 123-4567"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ('<a href="data:text/html,x">click</a>', "click"),
        ('<a href="#top">up</a> <a href="/o/1">there</a> <a name="x">here</a>', "up there here"),
        (f'<a href="https://shop.example/{"x" * 600}">long</a>', "long"),
        (f'one <a href="{TO_ORDER}"><img src="x.png"></a> two', "one two"),
        (f'<a href="{TO_ORDER}"><p>Buy</p></a><p>now</p>', f"Buy <{TO_ORDER}>\n\nnow"),
        (f'<ul><li><a href="{TO_ORDER}">one</a><li>two</ul>', f"- one <{TO_ORDER}>\n- two"),
    ],
)
def test_links_say_where_they_lead(markup: str, text: str) -> None:
    """The address stands behind the text, unless that shows it, or it leads nowhere, or it is longer than any reader's
    patience."""
    assert hypertext.to_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('Great <img src="e.png" alt="😀">', "Great 😀"),
        ('<img alt="Track your order" src="x">', "Track your order"),
        ('<img alt="image001.png" src="x">one', "one"),
        ('<img alt="Company logo" src="x">one', "one"),
        ('<img alt="" src="https://track.example/1x1.gif" width="1" height="1">one', "one"),
        ("one<img src=x>two", "onetwo"),
    ],
)
def test_images_are_their_words(markup: str, text: str) -> None:
    """Alternative text is read when somebody wrote it for readers."""
    assert hypertext.to_text(markup) == text


HEAD = "<div>On Tue, 3 Mar 2026 at 10:00 Shop &lt;<a href='mailto:s@shop.example'>s@shop.example</a>&gt; wrote:</div>"
OLD = "<div>We have sent it.</div>"
BLOCK = "<b>From:</b> Shop<br><b>Sent:</b> Tuesday, 3 March 2026 10:00<br><b>To:</b> Ann<br><b>Subject:</b> Parcel<br>"


@pytest.mark.parametrize(
    "quoted",
    [
        (
            f'<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">{HEAD}</div><blockquote '
            f'class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc">{OLD}</blockquote></div>'
        ),
        f'<blockquote type="cite">{HEAD}{OLD}</blockquote>',
        f'<br><div><blockquote type="cite">{HEAD}</blockquote></div><blockquote type="cite">{OLD}</blockquote>',
        f'<div class="moz-cite-prefix">03.03.26 10:00, Shop пише:<br></div><blockquote type="cite">{OLD}</blockquote>',
        (
            f'<div class="moz-forward-container"><br>-------- Переслане повідомлення --------<table><tr><th>Тема: </th>'
            f"<td>x</td></tr></table>{OLD}</div>"
        ),
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg">{BLOCK}</div>{OLD}',
        (
            f'<div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o">Outlook for iOS</a></div>'
            f'<div id="mail-editor-reference-message-container"><div>{BLOCK}</div>{OLD}</div>'
        ),
        f'<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0"><p>{BLOCK}</p></div>{OLD}',
        f'<div id="yahoo_quoted_1" class="yahoo_quoted"><div>{HEAD}</div>{OLD}</div>',
        f'<div class="protonmail_quote">{HEAD}<blockquote class="protonmail_quote">{OLD}</blockquote></div>',
        (
            f'<div class="zmail_extra"><div>---- On Tue, 03 Mar 2026 10:00:00 +0100 <b>Shop</b> wrote ----</div>'
            f'<blockquote style="margin:0">{OLD}</blockquote></div>'
        ),
        f'<div>03.03.2026, 10:00, "Магазин" &lt;s@shop.example&gt;:</div><blockquote>{OLD}</blockquote>',
        (
            f'<blockquote style="border-left:1px solid #0857A6;margin:10px">Вторник, 3 марта 2026, 10:00 '
            f"+03:00 от Магазин &lt;s@shop.example&gt;:<br>{OLD}</blockquote>"
        ),
        f'<div name="quote" style="margin:10px 5px;border-left:2px solid #C3D9E5">{BLOCK}{OLD}</div>',
        f'<div name="messageReplySection">{HEAD}<blockquote type="cite">{OLD}</blockquote></div>',
        (
            f'<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{BLOCK}</div><blockquote '
            f'data-marker="__QUOTED_TEXT__">{OLD}</blockquote>'
        ),
        f'<p id="reply-intro">Am 03.03.2026 10:00, schrieb Shop:</p><blockquote type="cite">{OLD}</blockquote>',
        f'<div style="font-size:12px">------------------ 原始邮件 ------------------</div><div>发件人: Shop</div>{OLD}',
        f"<blockquote>{OLD}</blockquote>",
    ],
    ids=[
        "Gmail",
        "Apple Mail",
        "Apple Mail, apart",
        "Thunderbird",
        "Thunderbird, forward",
        "Outlook web",
        "Outlook mobile",
        "Outlook",
        "Yahoo",
        "Proton",
        "Zoho",
        "Yandex",
        "mail.ru",
        "GMX",
        "Spark",
        "Zimbra",
        "Roundcube",
        "QQ",
        "bare, at the end",
    ],
)
def test_what_each_program_quotes_is_not_new(quoted: str) -> None:
    assert html_message(f"<div>Where is my parcel?</div><div><br></div>{quoted}").text == "Where is my parcel?"


@pytest.mark.parametrize(
    "own",
    [
        '<blockquote style="margin:0 0 0 40px;border:none;padding:0px">Order 4711</blockquote>',
        '<blockquote class="gmail_quote" style="border-left:1px solid #ccc">Order 4711</blockquote>',
        (
            "<blockquote>Order 4711</blockquote><p>Thanks</p><div>On Tue, 3 Mar 2026 10:00, a@b.example wrote:</div>"
            '<blockquote type="cite">old</blockquote>'
        ),
        "<blockquote><p>Order 4711</p></blockquote>",
    ],
    ids=["indented", "Gmail's button", "bare, before the quote", "bare, around everything"],
)
def test_blockquotes_of_ones_own_are_read(own: str) -> None:
    """Indented paragraphs and quotes made by the toolbar belong to what was written."""
    assert "Order 4711" in html_message(own if own.startswith("<blockquote><p>") else f"<div>See</div>{own}").text


def test_a_forward_without_a_word_is_read() -> None:
    """The forwarded text, when the sender only has a phone's line above it."""
    forwarded = f'<blockquote type="cite">Begin forwarded message:<br><br>{BLOCK}<br>{OLD}</blockquote>'
    assert html_message(f"<div>Sent from my iPhone</div><br>{forwarded}").text == "We have sent it."


def test_lines_and_quotes_of_deep_markup_stay_few() -> None:
    """Blockquotes in blockquotes give at most ten marks."""
    assert hypertext.to_text('<blockquote type="cite">' * 50 + "x").count(">") == 10


@pytest.mark.parametrize(
    "source",
    [
        "<div>One<br><br>two</div><div> <br> </div><p>three</p>four",
        "<table><tr><td>a</td><td> b </td></tr><tr><td><p>c</p></td></tr></table>",
        '<p>See <a href="https://shop.example/a?b=1&amp;c=2">your <b>order</b></a>.</p>',
        '<img alt=" "><img alt=""><img alt="Thank you"><img alt="logo.png"> x',
        "<!-- a > b --><p>one<!-- <i>c</i> --> two</p><!--[if mso]><p>three &copy;</p><![endif]-->",
        "<a<b>one</a<b><p c<d>two</p><p e\"f>three</p><p title='<i>'>four</p>",
        "5 &lt; 6 &amp;amp; &amp;lt; &copy; &nbsp; &quot;q&quot; &#2; &#13; x &#8232; y",
        '<div style="display:none">no</div>yes<span hidden>no</span><style>p{}</style><ul><li>a<li>b</ul>',
        '<p>New</p><div class="gmail_quote">On Monday Ann wrote:<blockquote cite="x">old<br></blockquote></div>',
        "<blockquote>a</blockquote><blockquote style='margin:0 0 0 40px'>b</blockquote><p>c</p>",
    ],
)
def test_the_quick_way_reads_as_the_thorough_one(source: str) -> None:
    """A `pre` element makes the document be read tag by tag, which is the same but for its own line breaks."""
    assert hypertext.to_text(source) == hypertext.to_text(f"{source}<pre></pre>")


def test_a_hidden_root_is_still_read() -> None:
    """What is hidden altogether is read: it is all that the mail says, and nothing raises."""
    assert hypertext.to_text('<html style="display:none"><body hidden><p>Hello</p></body></html>') == "Hello"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" + "".join(f"<b {n}>" for n in range(400)) + "</p>" + "<p>x" * 2000,
        "<p>" + "".join(f"<b {n}>" for n in range(59)) + "</p>" + "<p>x" * 60_000,
        "</b>" * 400 + "<p>" + "".join(f"<b {n}>" for n in range(400)) + "</p>" + "<p>x" * 2000,
        "<i></x>" * 55_000,
        "<ul></pre>" * 39_000,
        '<p style="display:none">' * 17_000,
        '<div style="display:none">' * 15_000,
        "<!-- x " * 50_000,
    ],
    ids=[
        "reopened",
        "reopened often",
        "closed before",
        "closed by others",
        "lists",
        "hidden",
        "hidden deep",
        "comments",
    ],
)
def test_markup_made_to_stop_a_reader_does_not(markup: str) -> None:
    """What a browser would open again, never close or hide a thousand times is read in bounded time and memory."""
    before = time.process_time()
    hypertext.to_text(markup)
    assert time.process_time() - before < 1.5


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- x > refund approved -->",
        "<!--[if gte mso 9]><xml>secret</xml><![endif]-->",
        '<div style="DISPLAY: NONE">secret</div>',
        '<span style="color:red;display : none">secret</span>',
        "<p hidden>secret</p>",
    ],
)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    """Comments and hidden elements, however they are written: no door for words that only we would read."""
    assert hypertext.to_text(f"<div>Hello{hidden}</div><p>there</p>").split() == ["Hello", "there"]


@pytest.mark.parametrize(
    "markup",
    [
        '<p>An offer, please:</p><div class="my quote">10 shoes</div><p>Jane</p>',
        '<p>An offer, please:</p><div class="product-quote">10 shoes</div><p>Jane</p>',
        '<p>An offer, please:</p><table><td style="border-top: solid #E1E1E1">10 shoes</table><p>Jane</p>',
        "<p>They wrote that</p><blockquote>10 shoes</blockquote><p>Jane</p>",
    ],
)
def test_what_only_looks_like_a_clients_quote_stays(markup: str) -> None:
    """A shop's own classes and borders, and a paragraph set apart with words behind it."""
    text = quotes.remove_quotes(hypertext.to_text(markup))
    assert "10 shoes" in text
    assert "Jane" in text


def test_a_link_whose_beginning_is_lost_leaves_no_mark() -> None:
    """Found by fuzzing: a quote in an attribute's name hides where the link begins; its end was left in the text."""
    text = hypertext.to_text('<a target<u nk"="" href="mailto:a@b.example">a@b.example</a> wrote')
    assert text.isprintable()
    assert "a@b.example wrote" in text
