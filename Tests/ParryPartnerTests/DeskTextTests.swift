import ParryWire
import Testing

@testable import ParryPartner

@Suite("Text of the desk")
struct DeskTextTests {
    @Test(
        "Text from outside cannot do anything to the terminal",
        arguments: [
            ("ACME\u{1B}[2J", "ACME?[2J"), ("a\r\nb", "a?b"), ("a\tb\u{7F}", "a?b?"),
            ("\u{202E}evil", "?evil"), ("cafe\u{301}", "cafe\u{301}"), ("東京", "東京"),
            ("\u{1F1E9}\u{1F1EA}", "?"), ("plain", "plain"),
        ])
    func safe(text: String, shown: String) {
        #expect(DeskText.safe(text) == shown)
    }

    @Test(
        "Widths are those of a terminal",
        arguments: [("plain", 5), ("東京", 4), ("cafe\u{301}", 4), ("👍", 2), ("ﾃｽﾄ", 3), ("", 0)])
    func widths(text: String, width: Int) {
        #expect(DeskText.width(DeskText.safe(text)) == width)
    }

    @Test("What is too long is cut with an ellipsis, never within a wide character")
    func cut() {
        #expect(DeskText.fit("ACME*SHOP", 9) == "ACME*SHOP")
        #expect(DeskText.fit("ACME*SHOP", 6) == "ACME*…")
        #expect(DeskText.fit("東京都", 6) == "東京都")
        #expect(DeskText.fit("東京都", 4) == "東… ")
        #expect(DeskText.fit("49", 5, isRight: true) == "   49")
        #expect(DeskText.fit("x", 0) == "")
    }

    @Test("Lines break between words, and within words that are too long")
    func wrap() {
        #expect(DeskText.wrap("one two three", 7) == ["one two", "three"])
        #expect(DeskText.wrap("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"])
        #expect(DeskText.wrap("", 10) == [""])
        #expect(DeskText.wrap("東京都", 4) == ["東京", "都"])
    }

    @Test("Money is in its currency's form")
    func money() {
        #expect(DeskFormat.money(4_900, "USD") == "USD 49.00")
        #expect(DeskFormat.money(500, "JPY") == "JPY 500")
        #expect(DeskFormat.money(1_250, "KWD") == "KWD 1.250")
        #expect(DeskFormat.money(5, "EUR") == "EUR 0.05")
        #expect(DeskFormat.money(5, "XXX") == "5 XXX (minor units)")
        #expect(DeskFormat.money(5, nil) == "5 of no currency")
        #expect(DeskFormat.money(nil, "EUR") == "no amount")
    }

    @Test(
        "Time that is left has two units",
        arguments: [
            (Int64(7_500), "2 h 05 min"), (93_600, "1 d 02 h"), (729, "12 min 09 s"), (42, "42 s"),
            (0, "past"), (-60, "past"), (86_399, "23 h 59 min"),
        ])
    func left(seconds: Int64, text: String) {
        #expect(DeskFormat.left(seconds * 1_000) == text)
    }

    @Test("Shares are rounded down, so that only all are all")
    func percent() {
        #expect(DeskFormat.percent(999, of: 1_000) == "99 %")
        #expect(DeskFormat.percent(1_000, of: 1_000) == "100 %")
        #expect(DeskFormat.percent(29, of: 100) == "29 %")
        #expect(DeskFormat.percent(-3, of: 100) == "0 %")
        #expect(DeskFormat.percent(0, of: 0) == "-")
    }

    @Test("A line is as wide as it is told, and coloured only when it is asked")
    func line() {
        var line = DeskLine("ab")
        line.add("東京都", .danger)
        #expect(line.fitted(10).text == "ab東京都")
        #expect(line.fitted(6).text == "ab東…")
        #expect(line.coloured == "ab\u{1B}[1;31m東京都\u{1B}[0m")
        #expect(!DeskTerminal.hasColour(["NO_COLOR": "1", "TERM": "xterm"]))
        #expect(!DeskTerminal.hasColour(["TERM": "dumb"]))
        #expect(DeskTerminal.hasColour(["NO_COLOR": "", "TERM": "xterm"]))
    }
}
