/// Appends JSON to a byte array and sets the commas itself.
///
/// It trusts its caller to alternate names and values and to close what it opens: it is for
/// documents whose shape the code knows.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    private var needsComma = false

    /// Makes a writer that holds `capacity` bytes before it has to grow.
    public init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Closes the innermost object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Closes the innermost array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes a member name known at compile time; it must need no escapes.
    public mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a member name, escaped where needed.
    public mutating func key(_ name: String) {
        separate()
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a string, escaping only what JSON demands.
    public mutating func string(_ text: String) {
        beginValue()
        appendQuoted(text)
    }

    /// Writes an integer.
    public mutating func integer(_ value: Int64) {
        beginValue()
        appendDecimal(value)
    }

    /// Writes `true` or `false`.
    public mutating func boolean(_ value: Bool) { word(value ? "true" : "false") }

    /// Writes `null`.
    public mutating func null() { word("null") }

    /// Writes an instant as a string in UTC.
    public mutating func timestamp(_ value: Timestamp) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        value.appendISO8601(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes one finished JSON value as it stands; the caller vouches for its form.
    public mutating func raw(_ value: some Collection<UInt8>) {
        beginValue()
        let isCopied: Void? = value.withContiguousStorageIfAvailable {
            bytes.append(contentsOf: $0)
        }
        if isCopied == nil { bytes.append(contentsOf: value) }
    }

    /// Like ``raw(_:)``, with nothing to dispatch: the way of the normaliser.
    @inline(__always)
    mutating func rawValue(_ value: UnsafeBufferPointer<UInt8>) {
        beginValue()
        bytes.append(contentsOf: value)
    }

    /// Writes a member name that comes quoted, escaped and with its colon.
    @inline(__always)
    mutating func rawKey(_ key: UnsafeBufferPointer<UInt8>) {
        separate()
        bytes.append(contentsOf: key)
    }

    private mutating func word(_ word: StaticString) {
        beginValue()
        word.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    /// Sets the comma a new sibling needs; after a name or an opening bracket none is.
    @inline(__always)
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    @inline(__always)
    private mutating func beginValue() {
        separate()
        needsComma = true
    }

    private mutating func appendQuoted(_ text: String) {
        var text = text
        text.withUTF8 { JSONEscape.append($0, to: &bytes) }
    }

    private mutating func appendDecimal(_ value: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var position = 20
            var rest = value.magnitude
            repeat {
                position -= 1
                digits[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 {
                position -= 1
                digits[position] = UInt8(ascii: "-")
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[position..<20]))
        }
    }
}
