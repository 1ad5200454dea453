package import ParryWire

/// What a network found out about one descriptor (NETWORKS.md).
package struct DescriptorResult: Sendable, Hashable {
    /// What the network says of it.
    package enum Verdict: Sendable, Hashable {
        case pending
        case passed
        /// The network's word for why not.
        case failed(reason: String?)
    }

    package let descriptor: String
    package let verdict: Verdict

    package init(descriptor: String, verdict: Verdict) {
        self.descriptor = descriptor
        self.verdict = verdict
    }
}

/// What a network found out about an RDR enrolment.
package enum AcquirerResult: Sendable, Hashable {
    case inProgress
    case enabled
    case failed(reason: String?)
}

extension Enrolment {
    /// Whether a network's word can still change it.
    private var isAtNetwork: Bool {
        switch status {
        case .pending, .inProgress, .actionRequired: true
        case .enabled, .failed, .cancelled, .paused, .unenrolled: false
        }
    }

    /// The network took the request and works on it.
    package mutating func submitted(now: Timestamp) {
        guard status == .pending else { return }
        configuration.setDescriptorStatus(.inProgress)
        move(to: .inProgress, note: nil, now: now)
    }

    /// The network refused the request itself.
    package mutating func refused(_ reason: String, now: Timestamp) {
        guard isAtNetwork else { return }
        move(
            to: .failed, note: "The network refused the enrolment (\(reason)). Ask for help.",
            now: now)
    }

    /// Takes in what Ethoca says of each descriptor. All have to pass; one that fails needs attention, because with
    /// it some alerts would not arrive.
    package mutating func apply(_ results: [DescriptorResult], now: Timestamp) {
        guard isAtNetwork, case .ethocaAlert(let descriptors) = configuration else { return }
        guard !results.isEmpty else { return }
        let results = Dictionary(
            results.map { (StatementDescriptor.key($0.descriptor), $0.verdict) },
            uniquingKeysWith: { _, last in last })
        let judged = descriptors.map { descriptor in
            (descriptor, results[StatementDescriptor.key(descriptor.text)])
        }
        let after = judged.map { $0.judged($1) }
        guard after != descriptors || status == .pending else { return }
        configuration = .ethocaAlert(after)
        let told = judged.compactMap { descriptor, verdict in
            verdict.flatMap { $0.note(of: descriptor.text) }
        }
        if after.contains(where: { $0.status == .failed }) {
            // Those that failed before are in the note already.
            let known = status == .actionRequired ? note.map { [$0] } ?? [] : []
            let notes = (known + told.filter { new in !known.contains { $0.contains(new) } })
            move(to: .actionRequired, note: notes.joined(separator: " "), now: now)
        } else if after.allSatisfy({ $0.status == .enabled }) {
            move(to: .enabled, note: nil, now: now)
        } else if status == .pending {
            move(to: .inProgress, note: nil, now: now)
        } else {
            updatedAt = now
        }
    }

    /// Takes in what Verifi says.
    package mutating func apply(_ result: AcquirerResult, now: Timestamp) {
        guard isAtNetwork else { return }
        switch result {
        case .inProgress: move(to: .inProgress, note: nil, now: now)
        case .enabled: move(to: .enabled, note: nil, now: now)
        case .failed(let reason):
            move(
                to: .failed,
                note: "Verifi could not enrol the merchant (\(reason ?? "no reason given")).",
                now: now)
        }
    }

    /// Sets the status by hand, for networks that are worked so (CONTRACT.md 7.3).
    ///
    /// - Throws: ``EnrolmentError/isFinal(_:)`` when it has ended, ``EnrolmentError/cannotBecome(_:_:)`` for a
    ///   step that the contract does not have.
    package mutating func set(
        _ newStatus: EnrolmentStatus, note newNote: String?, now: Timestamp
    ) throws(EnrolmentError) {
        guard !status.hasEnded else { throw .isFinal(status) }
        guard newStatus == status || status.next.contains(newStatus) else {
            throw .cannotBecome(status, newStatus)
        }
        configuration.setDescriptorStatus(newStatus)
        move(to: newStatus, note: newNote, now: now)
    }

    private mutating func move(to newStatus: EnrolmentStatus, note newNote: String?, now: Timestamp)
    {
        status = newStatus
        note = newNote
        updatedAt = now
    }
}

extension EnrolmentStatus {
    /// What may come next by the network's or an operator's word (CONTRACT.md 7.3).
    package var next: [EnrolmentStatus] {
        switch self {
        case .pending: [.inProgress, .actionRequired, .enabled, .failed, .cancelled]
        case .inProgress: [.actionRequired, .enabled, .failed]
        case .actionRequired: [.pending, .inProgress, .enabled, .failed, .cancelled]
        case .enabled: [.paused, .unenrolled]
        case .paused: [.enabled, .unenrolled]
        case .failed, .cancelled, .unenrolled: []
        }
    }
}

extension EnrolledDescriptor {
    fileprivate func judged(_ verdict: DescriptorResult.Verdict?) -> EnrolledDescriptor {
        guard let verdict else { return self }
        // A late word that it is pending takes nothing back.
        if verdict == .pending, status == .enabled || status == .failed { return self }
        let status: EnrolmentStatus =
            switch verdict {
            case .pending: .inProgress
            case .passed: .enabled
            case .failed: .failed
            }
        return EnrolledDescriptor(text: text, matchType: matchType, status: status)
    }
}

extension DescriptorResult.Verdict {
    /// What the customer has to change; nil when nothing.
    fileprivate func note(of descriptor: String) -> String? {
        guard case .failed(let reason) = self else { return nil }
        let name = "The descriptor \"\(descriptor)\""
        return switch reason {
        case "TOO_GENERIC":
            "\(name) is too generic. Use a more specific one or another match type."
        case "TAKEN":
            "\(name) is enrolled elsewhere. Use a more specific one or another match type."
        case let reason?: "\(name) was refused (\(reason))."
        case nil: "\(name) was refused."
        }
    }
}
