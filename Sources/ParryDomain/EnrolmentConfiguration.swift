package import ParryWire

/// What the network recognises a merchant by.
package enum EnrolmentConfiguration: Sendable, Hashable {
    case ethocaAlert([EnrolledDescriptor])
    case verifiRDR(VerifiIdentifier)

    /// The product that such a configuration is for.
    package var type: EnrolmentType {
        switch self {
        case .ethocaAlert: .ethocaAlert
        case .verifiRDR: .verifiRDR
        }
    }

    mutating func setDescriptorStatus(_ status: EnrolmentStatus) {
        guard case .ethocaAlert(let descriptors) = self else { return }
        self = .ethocaAlert(
            descriptors.map {
                EnrolledDescriptor(text: $0.text, matchType: $0.matchType, status: status)
            })
    }
}

/// A billing descriptor, which has a status of its own (CONTRACT.md 7.2).
package struct EnrolledDescriptor: Sendable, Hashable {
    package let text: String
    package let matchType: DescriptorMatchType
    package let status: EnrolmentStatus

    package init(text: String, matchType: DescriptorMatchType, status: EnrolmentStatus) {
        self.text = text
        self.matchType = matchType
        self.status = status
    }
}

/// A merchant at Visa: acquirer BIN and CAID together, or ARNs from which Visa finds them.
package enum VerifiIdentifier: Sendable, Hashable {
    case acquirer(bin: String, caid: String)
    case arns([String])

    /// Reads what a caller sent.
    ///
    /// - Throws: ``EnrolmentError/invalidVerifiRDRConfiguration`` for half a pair, both ways at once,
    ///   no ARN, or a wrong format: BIN 6 to 8 digits, CAID 1 to 16 letters or digits, ARN 23 digits
    ///   (CONTRACT.md 7.5).
    package init(bin: String?, caid: String?, arns: [String]?) throws(EnrolmentError) {
        switch (bin, caid, arns) {
        case (let bin?, let caid?, nil):
            let trimmed = Self.trim(caid)
            guard Self.isDigits(bin, count: 6...8), Self.isCAID(trimmed) else {
                throw .invalidVerifiRDRConfiguration
            }
            self = .acquirer(bin: bin, caid: trimmed)
        case (nil, nil, let arns?):
            guard !arns.isEmpty, arns.allSatisfy({ Self.isDigits($0, count: 23...23) }) else {
                throw .invalidVerifiRDRConfiguration
            }
            self = .arns(arns)
        default:
            throw .invalidVerifiRDRConfiguration
        }
    }

    private static func trim(_ text: String) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = text.drop(while: isSpace)
        let kept = start.reversed().drop(while: isSpace).count
        return String(start.prefix(kept))
    }

    private static func isDigits(_ text: String, count: ClosedRange<Int>) -> Bool {
        count.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isCAID(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && $0.properties.isAlphabetic || (48...57).contains($0.value)
            }
    }
}
