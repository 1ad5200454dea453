import ParryWire

/// Every enrolment of descriptors, by its id; it changes by entries of the ledger alone.
package struct EthocaEnrolments: Sendable {
    /// What the ledger calls the two results.
    static let finalWord = "FINAL"
    static let intermediateWord = "INTERMEDIATE"

    /// By enrolment id.
    package private(set) var all: [String: EthocaEnrolment] = [:]
    /// Enrolment ids by `requestId`.
    package private(set) var byRequest: [String: String] = [:]
    /// Final results that nobody has acknowledged.
    package private(set) var untold: [String: PlatformMessage] = [:]
    /// Enrolments without a final result yet.
    package private(set) var undecided: Set<String> = []
    /// Who holds a descriptor, by ``DescriptorRules/key(_:)``.
    private var holders: [String: String] = [:]

    /// Whether two requests ask for the same.
    func isSame(_ request: EthocaEnrolment, as id: String) -> Bool {
        guard let known = all[id] else { return false }
        let asked = known.descriptors.map { ($0.text, $0.matchType) }
        return known.merchantName == request.merchantName
            && asked.elementsEqual(request.descriptors.map { ($0.text, $0.matchType) }, by: ==)
    }

    /// The message for one of the two results; the final one is judged now.
    func result(_ id: String, isFinal: Bool) -> PlatformMessage? {
        guard var enrolment = all[id], !enrolment.isRemoved else { return nil }
        if isFinal {
            guard undecided.contains(id) else { return untold[id] }
            for place in enrolment.descriptors.indices {
                judge(&enrolment.descriptors[place], of: enrolment, id)
            }
        } else {
            for place in enrolment.descriptors.indices {
                enrolment.descriptors[place].status = .pending
                enrolment.descriptors[place].reason = nil
            }
        }
        return PlatformMessage(
            subject: id, body: enrolment.result(id),
            word: isFinal ? Self.finalWord : Self.intermediateWord, isRepeated: isFinal)
    }

    private func judge(
        _ descriptor: inout EthocaEnrolment.Descriptor, of enrolment: EthocaEnrolment, _ id: String
    ) {
        let holder = holders[DescriptorRules.key(descriptor.text)]
        if enrolment.isMadeToFail || DescriptorRules.isTooGeneric(descriptor.text) {
            descriptor.reason = .tooGeneric
        } else if let holder, holder != id {
            descriptor.reason = .taken
        }
        descriptor.status = descriptor.reason == nil ? .pass : .failed
    }

    mutating func apply(_ entry: LedgerEntry) {
        let id = entry.subject
        switch entry.kind {
        case .enrolmentRequested: requested(entry)
        case .enrolmentRemoved:
            all[id]?.isRemoved = true
            undecided.remove(id)
            untold[id] = nil
            holders = holders.filter { $0.value != id }
        case .resultSent where entry.word == Self.finalWord: decided(entry)
        case .resultAcknowledged, .resultGivenUp:
            if entry.word == Self.finalWord { untold[id] = nil }
        default: break
        }
    }

    private mutating func requested(_ entry: LedgerEntry) {
        var reader = MessageReader()
        guard var enrolment = EthocaEnrolment(entry.body ?? [], &reader) else { return }
        enrolment.isMadeToFail = entry.note != nil
        byRequest[enrolment.requestID] = entry.subject
        all[entry.subject] = enrolment
        undecided.insert(entry.subject)
    }

    /// Takes the states over that the first final result tells.
    private mutating func decided(_ entry: LedgerEntry) {
        let id = entry.subject
        untold[id]?.attempt = entry.attempt ?? 1
        guard undecided.remove(id) != nil, let body = entry.body,
            let root = (try? JSONDocument.parse(body))?.root
        else { return }
        let told = root["descriptors"].map { Array($0.elements) } ?? []
        for (place, item) in told.enumerated() where place < all[id]?.descriptors.count ?? 0 {
            let status = item["status"]?.string.flatMap(EthocaEnrolment.Status.init(rawValue:))
            all[id]?.descriptors[place].status = status ?? .pending
            all[id]?.descriptors[place].reason = item["reason"]?.string.flatMap(
                EthocaEnrolment.Reason.init(rawValue:))
            if status == .pass, let text = all[id]?.descriptors[place].text {
                holders[DescriptorRules.key(text)] = id
            }
        }
        untold[id] = PlatformMessage(subject: id, body: body, word: Self.finalWord)
    }
}
