"""Hand-written odd queries."""

from lab.simulate.query import Query, plain, spelled

_WIDE_CARD = "\uff14" + "\uff11" * 15
_SOFT_CARD = "4111\u00ad111111111111"

FIXED: dict[str, tuple[Query, ...]] = {
    "card_near_miss": (
        plain("4111111111111112"),
        plain("4111 1111 1111 1112"),
        plain("reel 5555555555554445"),
        plain("order 411111111111"),
    ),
    "version_not_ip": (
        plain("ios 1.2.3.4"),
        plain("version: 2.0.1.7"),
        spelled("iOS 4.3.2.1 screen recording", "ios 4.3.2.1 screen recording"),
    ),
    "ip_near_miss": (
        plain("999.1.1.1"),
        plain("192.0.2.256"),
        plain("192.0.2"),
        plain("chapter 1.2.3.4.5"),
    ),
    "colon_near_miss": (
        plain("std::abs"),
        plain("12:30:45"),
        plain("00:01:02:03"),
        plain("16:9 :: 4:3"),
    ),
    "phone_near_miss": (
        plain("2019-05-30"),
        plain("555-0123"),
        plain("1920x1080 60-120 fps"),
        plain("202-555-01234"),
    ),
    "email_near_miss": (
        plain("meet me @ the harbour"),
        plain("@northlight"),
        plain("anna at example dot com"),
    ),
    "fullwidth": (
        spelled("４k", "4k"),
        spelled("ＤＲＯＮＥ", "drone"),
        spelled("ｓｌｏｗ　ｌｉｇｈｔ", "slow light"),
        spelled("１６ｍｍ film", "16mm film"),
        spelled("music　video", "music video"),
    ),
    "soft_hyphen": (
        spelled("time\u00adlapse", "timelapse"),
        spelled("docu\u00admentary film", "documentary film"),
        spelled("paper\u00ad\u201d moon", "paper\u201d moon"),
        spelled("light\u00adhouse", "lighthouse"),
    ),
    "invisible_character": (
        spelled("drone\u200b reel", "drone reel"),
        spelled("\ufeffwedding", "wedding"),
        spelled("new\u2060york", "newyork"),
        spelled("slow\u00a0light", "slow light"),
        spelled("jazz\u2003club", "jazz club"),
    ),
    "invisible_only": (
        spelled("\u200b\u00ad", ""),
        spelled("\u200d", ""),
        spelled("\u2060\ufeff\u2060", ""),
    ),
    "curly_quotes": (
        plain("\u2018slow light\u2019"),
        plain("\u201cthe paper moon\u201d"),
        plain("don\u2019t look down"),
        plain("velvet lanterns \u2013 iron snow"),
        spelled("Wait for it\u2026", "wait for it..."),
    ),
    "mojibake": (
        plain("cinã©ma norvège"),
        plain("amã©lie kova"),
        plain("niã±o del mar"),
        spelled("dã¼sseldorf nights", "dã1\u20444sseldorf nights"),
        spelled("donâ€™t look", "donâ€tmt look"),
    ),
    "plus_for_space": (
        spelled("short+film", "short film"),
        spelled("stop+motion+paper", "stop motion paper"),
        spelled("Music+Video", "music video"),
        spelled("drone+2019", "drone 2019"),
        spelled("café+noir", "café noir"),
    ),
    "plus_kept": (
        plain("c++"),
        plain("1+1"),
        plain("p+s lens 35-70"),
        plain("+drone"),
    ),
    "percent_escape": (
        spelled("short%20film", "short film"),
        spelled("caf%C3%A9%20noir", "café noir"),
        spelled("slow%2Dmotion", "slow-motion"),
        spelled("%E2%80%9Cpaper%E2%80%9D", "\u201cpaper\u201d"),
    ),
    "percent_kept": (
        plain("100%"),
        plain("caf%e9"),
        plain("half price 50%20off"),
    ),
    "double_space": (
        spelled("architecture cgi  fly through", "architecture cgi fly through"),
        spelled("drone   city", "drone city"),
        spelled(" showreel", "showreel"),
        spelled("wedding film  ", "wedding film"),
        spelled("paper\tmoon", "paper moon"),
    ),
    "capitals": (
        spelled("DRONE", "drone"),
        spelled("Straßenfilm", "strassenfilm"),
        spelled("ΟΔΟΣ", "οδοσ"),
        spelled("SÃO PAULO", "são paulo"),
        spelled("ŁÓDŹ Film School", "łódź film school"),
    ),
    "compatibility_form": (
        spelled("ﬁlm noir", "film noir"),
        spelled("paper moon™", "paper moontm"),
        spelled("super ⑧", "super 8"),
        spelled("ﾄﾞﾛｰﾝ", "ドローン"),
    ),
    "combining_mark": (
        spelled("cafe\u0301 noir", "café noir"),
        spelled("sa\u0303o paulo", "são paulo"),
        spelled("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        spelled("malmo\u0308", "malmö"),
    ),
    "quote_in_query": (
        plain('12" vinyl'),
        plain('"the quiet river"'),
        plain('she said "action"'),
        plain('""'),
    ),
    "comma_in_query": (
        plain("paris, france"),
        plain("lights, camera, action"),
        plain(","),
    ),
    "newline_in_query": (
        spelled("slow light\nteaser", "slow light teaser"),
        spelled("wedding\n\nfilm", "wedding film"),
        spelled('"north"\nwind, part 2', '"north" wind, part 2'),
    ),
    "emoji": (
        plain("🎬 short film"),
        plain("skate 🛹 video"),
        spelled("love ❤\ufe0f", "love ❤"),
        spelled("👩\u200d🎤 music video", "👩🎤 music video"),
        plain("🐝"),
    ),
    "hostile_sql": (
        plain("'; drop table clean_search_request; --"),
        spelled("' OR '1'='1", "' or '1'='1"),
        spelled(
            "x') UNION SELECT cuid FROM search_request --",
            "x') union select cuid from search_request --",
        ),
    ),
    "hostile_template": (
        plain("{{ 7*7 }}"),
        plain("{% raw %}{{ target }}"),
        spelled("${HOME} {# comment #}", "${home} {# comment #}"),
    ),
    "hostile_shell": (
        plain("$(rm -rf /tmp/x)"),
        plain("`reboot`"),
        plain("film; shutdown -h now"),
    ),
    "hostile_markup": (
        plain("<script>alert(1)</script>"),
        plain("<img src=x onerror=alert(1)>"),
        plain("[bold red]not markup[/]"),
    ),
    "hostile_formula": (
        spelled("=HYPERLINK(A1)", "=hyperlink(a1)"),
        plain("=cmd|' /c calc'!a0"),
        plain("-2+3"),
    ),
    "disguised_personal_data": (
        Query(
            "Visa " + _WIDE_CARD, "visa [card]", "visa [card]", "card", (_WIDE_CARD,)
        ),
        Query(
            "anna.kova%40example.com",
            "[email]",
            "[email]",
            "email",
            ("anna.kova%40example.com", "anna.kova@example.com"),
        ),
        Query(_SOFT_CARD, "[card]", "[card]", "card", (_SOFT_CARD,)),
        Query(
            "call\u200b 202-555\u200b-0147",
            "call [phone]",
            "call [phone]",
            "phone",
            ("202-555\u200b-0147", "202-555-0147"),
        ),
    ),
}
"""Odd queries by the fault's name, used in turn."""

WORD_NULL = plain("null")
"""A query for the word null, which a dbt seed on SQLite turns into NULL."""
