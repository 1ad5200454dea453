/// The countries of ISO 3166-1.
public enum Country {
    /// Whether `text` is an officially assigned alpha-2 code, in upper case.
    public static func isCode(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isCode($0) }
    }

    static func isCode(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let position = position(text) else { return false }
        return assigned[position]
    }

    private static func position(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard text.count == 2, letters ~= text[0], letters ~= text[1] else { return nil }
        return Int(text[0] - letters.lowerBound) * 26 + Int(text[1] - letters.lowerBound)
    }

    private static let assigned: [Bool] = {
        var table = [Bool](repeating: false, count: 26 * 26)
        for code in codes {
            let bytes = Array(code.utf8)
            if let position = bytes.withUnsafeBufferPointer(position) { table[position] = true }
        }
        return table
    }()

    /// Every assigned code, sorted.
    public static let codes = list.split(whereSeparator: \.isWhitespace).map(String.init)

    private static let list = """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
        BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM
        DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
        GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
        KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
        MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
        PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
        SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
        VN VU WF WS YE YT ZA ZM ZW
        """
}
