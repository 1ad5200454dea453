/// An active currency of ISO 4217 that has a minor unit.
public struct Currency: Sendable, Hashable {
    /// The alphabetic code in upper case.
    public let code: String

    /// The decimal places of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD, 4 for CLF.
    public let exponent: Int

    /// Finds a currency by its exact code; nil when it is unknown, withdrawn or lower case.
    public init?(code: String) {
        var text = code
        guard let exponent = text.withUTF8({ Currency.exponent(of: $0) }) else { return nil }
        self.code = code
        self.exponent = exponent
    }

    /// An amount in minor units as a decimal with all of the currency's places: `49.00`, `500` in JPY, `1.250` in KWD.
    ///
    /// - Parameter minorUnits: Not negative.
    public func decimal(_ minorUnits: Int64) -> String {
        guard exponent > 0 else { return String(minorUnits) }
        let digits = String(minorUnits)
        let missing = max(0, exponent + 1 - digits.utf8.count)
        let padded = String(repeating: "0", count: missing) + digits
        return padded.dropLast(exponent) + "." + padded.suffix(exponent)
    }

    /// The decimal places of a code's minor unit, or nil when the code is not active.
    static func exponent(of code: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let position = position(code) else { return nil }
        let exponent = exponents[position]
        return exponent < 0 ? nil : Int(exponent)
    }

    private static func position(_ code: UnsafeBufferPointer<UInt8>) -> Int? {
        guard code.count == 3 else { return nil }
        var position = 0
        for byte in code {
            guard byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") else { return nil }
            position = position * 26 + Int(byte - UInt8(ascii: "A"))
        }
        return position
    }

    /// A place for each of the 26³ codes: its exponent, or -1.
    private static let exponents: [Int8] = {
        var table = [Int8](repeating: -1, count: 26 * 26 * 26)
        for (exponent, codes) in codesByExponent {
            for code in codes.split(whereSeparator: \.isWhitespace) {
                let bytes = Array(code.utf8)
                if let position = bytes.withUnsafeBufferPointer(position) {
                    table[position] = exponent
                }
            }
        }
        return table
    }()

    /// Every active code, sorted.
    public static let codes: [String] =
        codesByExponent
        .flatMap { $0.1.split(whereSeparator: \.isWhitespace).map(String.init) }.sorted()

    // ISO 4217 list one of January 2026. Codes without a minor unit (XAU, XDR, XTS, …) are left
    // out: no amount in cents can be stated in them. ANG and BGN were withdrawn in 2025 and are
    // kept: payments made in them can be disputed for 18 months.
    private static let codesByExponent: [(Int8, String)] = [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (
            2,
            """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN
            BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB
            EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS
            KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
            MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD
            SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
            UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
            """
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ]
}
