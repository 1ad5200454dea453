import Testing

@testable import ParryPartner

@Suite("Keys of the desk")
struct DeskKeyTests {
    private func keys(_ pieces: String...) -> [DeskKey] {
        var decoder = DeskKeyDecoder()
        return pieces.flatMap { decoder.take(Array($0.utf8)) }
    }

    @Test("Keys are read as terminals send them")
    func read() {
        #expect(keys("rj") == [.character("r"), .character("j")])
        #expect(keys("\u{1B}[A\u{1B}[B\u{1B}OA") == [.up, .down, .up])
        #expect(keys("\u{1B}[5~\u{1B}[6~\u{1B}[H\u{1B}[F") == [.pageUp, .pageDown, .home, .end])
        #expect(keys("\r\u{7F}\u{3}") == [.enter, .backspace, .interrupt])
        #expect(keys("\u{1B}") == [.escape])
        #expect(keys("\u{1B}", "q") == [.escape, .character("q")])
        #expect(keys("\u{1B}[1;5C") == [])
    }

    @Test("Sequences and characters may come in pieces")
    func pieces() {
        #expect(keys("\u{1B}[", "A") == [.up])
        var decoder = DeskKeyDecoder()
        let bytes = Array("é東".utf8)
        #expect(bytes.flatMap { decoder.take([$0]) } == [.character("é"), .character("東")])
        #expect(decoder.take([0xFF, UInt8(ascii: "a")]) == [.character("a")])
    }

    @Test("What is pasted is no key, however it comes")
    func paste() {
        #expect(keys("\u{1B}[200~ry\r\u{1B}[201~y") == [.paste("ry\r"), .character("y")])
        #expect(keys("\u{1B}[200~r", "y\u{1B}[20", "1~") == [.paste("ry")])
        #expect(keys("\u{1B}[200~a\u{1B}[Ab\u{1B}[201~") == [.paste("a\u{1B}[Ab")])
    }
}
