import ParryWire
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "are read and written in canonical UTC",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
            ("2026-02-17T09:59:05Z", 1_771_322_345_000, "2026-02-17T09:59:05Z"),
            ("2026-02-17t10:59:05.1234567+01:00", 1_771_322_345_123, "2026-02-17T09:59:05.123Z"),
            ("2026-02-17T04:29:05.5-05:30", 1_771_322_345_500, "2026-02-17T09:59:05.500Z"),
            ("2026-02-17T09:59:05.000z", 1_771_322_345_000, "2026-02-17T09:59:05Z"),
            ("2024-02-29T23:59:59-00:00", 1_709_251_199_000, "2024-02-29T23:59:59Z"),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000, "2017-01-01T00:00:00Z"),
            ("2017-01-01T05:29:60+05:30", 1_483_228_800_000, "2017-01-01T00:00:00Z"),
            ("1969-12-31T23:59:60Z", 0, "1970-01-01T00:00:00Z"),
            ("1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000, "0001-01-01T00:00:00Z"),
            ("0000-12-31T23:30:00-01:00", -62_135_595_000_000, "0001-01-01T00:30:00Z"),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(String, Int64, String)])
    func reads(_ text: String, _ milliseconds: Int64, _ canonical: String) throws {
        let value = try #require(Timestamp(iso8601: text))
        #expect(value.milliseconds == milliseconds)
        #expect(value.iso8601 == canonical)
    }

    @Test(
        "are refused when malformed, without zone or not on the calendar",
        arguments: [
            "", "2026-02-17", "2026-02-17T09:59:05", "2026-02-17 09:59:05Z", "2026-2-17T09:59:05Z",
            "2026-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:61Z", "2026-01-01T12:00:60Z", "2026-01-01T23:59:60+01:00",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00+0100",
            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00+01",
            "2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z", "2026-01-01T00:00Z",
            "0000-12-31T23:59:59Z", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z",
            "0001-01-01T00:00:00+00:01", "２026-01-01T00:00:00Z", "-026-01-01T00:00:00Z",
        ])
    func refuses(_ text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("A fraction is told apart from none, even of zero")
    func fraction() {
        #expect(Timestamp.parse("2026-01-01T00:00:00.000Z")?.hasFraction == true)
        #expect(Timestamp.parse("2026-01-01T00:00:00Z")?.hasFraction == false)
    }

    @Test("Every day of four centuries survives writing and reading")
    func days() {
        var value = Timestamp(milliseconds: -12_219_292_800_000)
        for _ in 0..<146_097 {
            #expect(Timestamp(iso8601: value.iso8601) == value)
            value = value.adding(seconds: 86_400)
        }
    }

    @Test("Arithmetic stops at the bounds and truncation goes down")
    func arithmetic() {
        #expect(Timestamp(milliseconds: 5).adding(seconds: .max).milliseconds == .max)
        #expect(Timestamp(milliseconds: 5).adding(seconds: .min).milliseconds == .min)
        #expect(Timestamp(milliseconds: 5).adding(milliseconds: .max).milliseconds == .max)
        #expect(Timestamp(milliseconds: 1_999).truncatedToSecond.milliseconds == 1_000)
        #expect(Timestamp(milliseconds: -1).truncatedToSecond.milliseconds == -1_000)
        #expect(Timestamp(milliseconds: -1_000).truncatedToSecond.milliseconds == -1_000)
        #expect(Timestamp(milliseconds: .max).iso8601 == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: 1) < Timestamp(milliseconds: 2))
    }
}
