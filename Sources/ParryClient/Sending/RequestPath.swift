/// The path of a request and the endpoint that it belongs to: `"/v1/alerts/\(id)"` is the path with the id, escaped,
/// and the endpoint `/v1/alerts/{}`, by which requests are limited.
public struct RequestPath: ExpressibleByStringInterpolation, Sendable {
    let path: String
    let endpoint: String

    /// A path without ids.
    public init(stringLiteral value: String) {
        path = value
        endpoint = value
    }

    /// A path with ids in it.
    public init(stringInterpolation: Interpolation) {
        path = stringInterpolation.path
        endpoint = stringInterpolation.endpoint
    }

    /// Collects path and endpoint.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var path = ""
        fileprivate var endpoint = ""

        /// Begins empty.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// A part that all requests to the endpoint have.
        public mutating func appendLiteral(_ literal: String) {
            path += literal
            endpoint += literal
        }

        /// An id, which is escaped.
        public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            path += PercentCoding.encode(value.description)
            endpoint += "{}"
        }
    }
}

/// RFC 3986, section 2.1.
enum PercentCoding {
    /// Leaves only what needs no escape in a path segment, a name and a value.
    static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), hex(byte >> 4), hex(byte & 15)]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
}
