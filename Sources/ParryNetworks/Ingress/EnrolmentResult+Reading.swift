import Crypto
import ParryDomain
import ParryService
import ParryWire

extension EnrolmentResult {
    /// Reads Ethoca's result, one for each descriptor.
    init(ethoca body: [UInt8]) throws(NetworkFault) {
        let root = try Self.root(body)
        guard let descriptors = root["descriptors"], descriptors.kind == .array else {
            throw NetworkFault(sentence: "descriptors must be a list.")
        }
        self.init(
            requestID: try Self.requestID(root),
            content: .ethoca(descriptors.elements.compactMap(Self.result)))
    }

    /// Reads Verifi's result.
    init(verifi body: [UInt8]) throws(NetworkFault) {
        let root = try Self.root(body)
        let reason = Self.reason(root)
        let result: AcquirerResult
        switch root["status"]?.string {
        case "ENABLED": result = .enabled
        case "FAILED": result = .failed(reason: reason)
        case "IN_PROGRESS", "PENDING": result = .inProgress
        default: throw NetworkFault(sentence: "status must be IN_PROGRESS, ENABLED or FAILED.")
        }
        self.init(requestID: try Self.requestID(root), content: .verifi(result))
    }

    /// The network's word, short and without control characters.
    private static func reason(_ value: JSONValue) -> String? {
        value["reason"]?.string.map { text in
            let kept = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
            return String(String.UnicodeScalarView(kept).prefix(Limits.networkErrorMax))
        }
    }

    private static func root(_ body: [UInt8]) throws(NetworkFault) -> JSONValue {
        do throws(JSONError) {
            return try JSONDocument.parse(body).root
        } catch {
            throw NetworkFault(sentence: "The body is not JSON: \(error.reason)")
        }
    }

    private static func requestID(_ root: JSONValue) throws(NetworkFault) -> String {
        guard let id = root["requestId"]?.string else {
            throw NetworkFault(sentence: "requestId is missing.")
        }
        guard NetworkRequestID(id) != nil else {
            throw NetworkFault(sentence: "requestId is none of this platform's.")
        }
        return id
    }

    /// A word that is not known leaves the descriptor as it is.
    private static func result(_ value: JSONValue) -> DescriptorResult? {
        guard let descriptor = value["descriptor"]?.string else { return nil }
        let reason = reason(value)
        switch value["status"]?.string {
        case "PASS": return DescriptorResult(descriptor: descriptor, verdict: .passed)
        case "FAILED":
            return DescriptorResult(descriptor: descriptor, verdict: .failed(reason: reason))
        case "PENDING": return DescriptorResult(descriptor: descriptor, verdict: .pending)
        default: return nil
        }
    }
}

/// Names a message by its content.
enum NetworkDigest {
    static func hex(of body: [UInt8]) -> String {
        Hex.encode(Array(SHA256.hash(data: body)))
    }
}
