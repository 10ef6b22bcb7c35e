"""What can be odd about a mail: the words of `message.defects`, each with what it means for the reader.

A defect is `area: what`. Conditions and people may rely on the words up to a bracket or a charset's name; nothing here
makes a mail unreadable, that is `message.unreadable`. What is suspicious about a sender begins with `sender:`.
"""

from __future__ import annotations

from collections.abc import Mapping

VOCABULARY: Mapping[str, str] = {
    "header: no From": "nobody says who wrote this",
    "header: byte order mark before it": "a mark of a text file was left out",
    "header: blank lines before it": "blank lines were left out",
    "header: doubled line ends": "each line ended twice; it counts as once",
    "header: begins with a continuation": "an indented line without a field above it was left out",
    "header: space before a colon": "old syntax, read all the same",
    "header: a parameter that lost its indent": "joined to the field above",
    "header: a line without a colon": "fields below it are read, and shown as text too unless they encode it",
    "header: no blank line behind it": "the body begins at the first line that is no field",
    "header: a field without a name": "left out",
    "header: an envelope line within it": "left out",
    "date: unreadable": "the message counts as undated",
    "structure: content type that is none": "read as plain text",
    "structure: boundary guessed": "the declared boundary is missing or not the one between the parts",
    "structure: multipart without parts": "read as plain text",
    "structure: no boundary declared": "see whether it could be guessed",
    "structure: no part begins": "the declared boundary does not occur",
    "structure: last part has no end": "cut off, or written without the closing line",
    "structure: multipart that is encoded": "forbidden, and rarely done",
    "structure: the parts cannot be read": "the parser gave up on them; only the header was read",
    "encoding: base64 that is cut or malformed": "what could be decoded is there",
    "encoding: base64 in several pieces": "each was decoded",
    "encoding: base64 with text behind it": "both are there",
    "encoding: base64 declared but not used": "read as it is",
    "encoding: base64 used but not declared": "decoded",
    "encoding: unknown": "read as it is",
    "charset: undeclared": "guessed",
    "charset: not": "the charset behind these words was declared and is not the one that was used; guessed",
    "charset: is": "known by a mark, an escape sequence or its zeros",
    "charset: encoded twice": "UTF-8 that was taken for windows-1252 and encoded again; decoded twice",
}

# What the standard library's parser calls it.
OF_THE_PARSER: Mapping[str, str] = {
    "MissingHeaderBodySeparatorDefect": "header: no blank line behind it",
    "FirstHeaderLineIsContinuationDefect": "header: begins with a continuation",
    "InvalidHeaderDefect": "header: a field without a name",
    "MisplacedEnvelopeHeaderDefect": "header: an envelope line within it",
    "NoBoundaryInMultipartDefect": "structure: no boundary declared",
    "StartBoundaryNotFoundDefect": "structure: no part begins",
    "CloseBoundaryNotFoundDefect": "structure: last part has no end",
    "MultipartInvariantViolationDefect": "structure: multipart without parts",
    "InvalidMultipartContentTransferEncodingDefect": "structure: multipart that is encoded",
}
