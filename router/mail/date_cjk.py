"""Dates and deadlines in words of Chinese, Japanese and Korean, which put no blanks between words.

No native speaker has checked these tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from .date_figures import Found
from .days import WEEK
from .reading import Reading

LANGUAGES = ("cjk",)
_DAYS = {
    "今天": "today", "今日": "today", "明天": "tomorrow", "明日": "tomorrow", "昨天": "yesterday", "昨日": "yesterday",
    "后天": "+2d", "後天": "+2d", "明後日": "+2d", "前天": "-2d", "一昨日": "-2d",
    "오늘": "today", "내일": "tomorrow", "어제": "yesterday", "모레": "+2d",
    "下周": "+1w", "下週": "+1w", "下星期": "+1w", "来週": "+1w", "다음 주": "+1w", "다음주": "+1w",
    "上周": "-1w", "上週": "-1w", "上星期": "-1w", "先週": "-1w", "지난주": "-1w", "지난 주": "-1w",
    "周末": "weekend", "週末": "weekend", "주말": "weekend",
    "下个月": "+1m", "下個月": "+1m", "来月": "+1m", "다음 달": "+1m", "다음달": "+1m",
}  # fmt: skip
_BY_LENGTH = sorted(_DAYS, key=len, reverse=True)
_AT_MOST = 24
_WEEKDAYS = dict(zip("一二三四五六日", WEEK, strict=True)) | {"天": "sunday"}
_WEEKDAYS |= dict(zip("月火水木金土", WEEK[:6], strict=True)) | dict(zip("월화수목금토일", WEEK, strict=True))
_WEEKDAY = "(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])|([月火水木金土日])曜日?|([월화수목금토일])요일"
_FOUND = re.compile(
    "([下上])(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])|"
    f"(?:{'|'.join(_BY_LENGTH)})(?: ?(?:{_WEEKDAY}))?|(?:{_WEEKDAY})"
)
_SPAN = re.compile(
    "([0-9]{1,3}) ?(天|日|日間|个工作日|工作日|営業日|小时|小時|時間|周|週間|일|시간|주|영업일)"
    "(?:之?内|以内|以內| 이내| 안에|이내|안에|中)"
)
_TURNS = {"下": "下周", "上": "上周"}
_UNITS = {
    "天": "d", "日": "d", "日間": "d", "个工作日": "bd", "工作日": "bd", "営業日": "bd", "小时": "h", "小時": "h",
    "時間": "h",    "周": "w", "週間": "w", "일": "d", "시간": "h", "주": "w", "영업일": "bd",
}  # fmt: skip
UNTIL = re.compile(" ?(?:(?P<by>までに?|까지)|(?P<before>之前|以前|前| 전까지| 전에))")


def in_words(reading: Reading) -> Iterator[Found]:
    """`明天`, `下周五`, `金曜日`, `다음 주 금요일`, `3天内`."""
    text = reading.lower
    if not reading.asian:
        return
    for found in islice(_FOUND.finditer(text), _AT_MOST):
        weekday = next(filter(None, found.groups()[1:]), "")
        day = _TURNS.get(found[1]) or next((name for name in _BY_LENGTH if found[0].startswith(name)), "")
        yield Found(found.start(), found.end(), _value(day, weekday), LANGUAGES)
    for span in _SPAN.finditer(text) if reading.digits else ():
        value = f"within:{span[1]}{_UNITS[span[2]]}"
        yield Found(span.start(), span.end(), value, deadline=True)


def _value(day: str, weekday: str) -> str:
    named = _DAYS.get(day, "")
    if not weekday:
        return named
    return {"+1w": "next-", "-1w": "last-"}.get(named, "") + _WEEKDAYS[weekday]
