import ParryWire

/// Finds the enrolment that an alert came through (CONTRACT.md 11): the exact descriptor, then the longest
/// beginning.
package struct AlertRoute: Sendable, Hashable {
    package let enrolment: Enrolment
    /// Whether the enrolment receives alerts, the descriptor among them. Otherwise the alert is somebody
    /// else's by now (CONTRACT.md 13).
    package let isLive: Bool

    /// The best of the enrolments for an Ethoca alert's descriptor; what receives alerts before what does not,
    /// of two that are as good the one enabled last.
    ///
    /// - Returns: nil when none has, or had, such a descriptor.
    package init?(descriptor: String, among enrolments: [Enrolment]) {
        let keys = StatementDescriptor.keys(ofStatement: descriptor)
        let fits = enrolments.compactMap { enrolment in
            Fit(enrolment) { own, isExact in
                keys.contains { isExact ? $0 == own : $0.hasPrefix(own) }
            }
        }
        guard let best = fits.max(by: <) else { return nil }
        self.init(best)
    }

    /// The enrolment whose descriptor the statement may have cut, when no enrolled descriptor fits as it stands.
    ///
    /// - Returns: nil when it is cut too short, or could be of several organisations.
    package init?(cut descriptor: String, among enrolments: [Enrolment]) {
        let keys = StatementDescriptor.keys(ofStatement: descriptor)
            .filter { $0.count >= Limits.descriptorCutMin }
        let fits = enrolments.compactMap { enrolment in
            Fit(enrolment) { own, _ in keys.contains { own.hasPrefix($0) } }
        }
        guard Set(fits.map(\.enrolment.organisationID)).count == 1, let best = fits.max(by: <)
        else { return nil }
        self.init(best)
    }

    private init(_ fit: Fit) {
        enrolment = fit.enrolment
        isLive = fit.isLive
    }

    private struct Fit {
        let enrolment: Enrolment
        let isLive: Bool
        private let isExact: Bool
        private let length: Int

        /// - Parameter fits: Whether a key of an enrolled descriptor is the statement's; the second argument says
        ///   whether it has to be the whole.
        init?(_ enrolment: Enrolment, _ fits: (_ own: String, _ isExact: Bool) -> Bool) {
            guard case .ethocaAlert(let descriptors) = enrolment.configuration else { return nil }
            let parts = descriptors.compactMap { descriptor -> Part? in
                let own = StatementDescriptor.key(descriptor.text)
                let isExact = descriptor.matchType == .exactMatch
                guard !own.isEmpty, fits(own, isExact) else { return nil }
                return Part(
                    isLive: descriptor.status == .enabled, isExact: isExact, length: own.count)
            }
            guard let best = parts.max(by: { $0.place < $1.place }) else { return nil }
            self.enrolment = enrolment
            isLive = enrolment.status == .enabled && best.isLive
            isExact = best.isExact
            length = best.length
        }

        private struct Part {
            let isLive: Bool
            let isExact: Bool
            let length: Int

            var place: (Int, Int, Int) { (isLive ? 1 : 0, isExact ? 1 : 0, length) }
        }

        private var place: (Int, Int, Int, Int64) {
            (isLive ? 1 : 0, isExact ? 1 : 0, length, enrolment.changedAt.milliseconds)
        }

        static func < (left: Fit, right: Fit) -> Bool {
            guard left.place == right.place else { return left.place < right.place }
            return left.enrolment.id.text < right.enrolment.id.text
        }
    }
}
