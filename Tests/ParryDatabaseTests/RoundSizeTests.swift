import Testing

@testable import ParryDatabase

@Suite("How many pages of the log make a round")
struct RoundSizeTests {
    @Test("Rounds grow while they are short, shrink when they are long, and stay within bounds")
    func size() {
        var size = RoundSize(200...1_200, aim: .milliseconds(10))
        #expect(size.pages == 200)
        size.took(.milliseconds(20))
        #expect(size.pages == 200)
        size.took(.milliseconds(2))
        #expect(size.pages == 225)
        for _ in 0..<50 { size.took(.milliseconds(2)) }
        #expect(size.pages == 1_200)
        size.took(.milliseconds(10))
        #expect(size.pages == 1_050)
    }
}
