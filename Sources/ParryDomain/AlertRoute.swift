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
        let text = StatementDescriptor.normalised(descriptor)
        let fits = enrolments.compactMap { Fit(text, $0) }
        guard let best = fits.max(by: <) else { return nil }
        enrolment = best.enrolment
        isLive = best.isLive
    }

    private struct Fit {
        let enrolment: Enrolment
        let isLive: Bool
        private let isExact: Bool
        private let length: Int

        init?(_ text: String, _ enrolment: Enrolment) {
            guard case .ethocaAlert(let descriptors) = enrolment.configuration else { return nil }
            let fitting = descriptors.compactMap { Fit.fit(text, $0) }
            guard let best = fitting.max(by: { $0.place < $1.place }) else { return nil }
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

        private static func fit(_ text: String, _ descriptor: EnrolledDescriptor) -> Part? {
            let own = StatementDescriptor.normalised(descriptor.text)
            let isExact = descriptor.matchType == .exactMatch
            guard !own.isEmpty, isExact ? text == own : text.hasPrefix(own) else { return nil }
            return Part(
                isLive: descriptor.status == .enabled, isExact: isExact, length: own.count)
        }

        private var place: (Int, Int, Int, Int64) {
            (isLive ? 1 : 0, isExact ? 1 : 0, length, enrolment.updatedAt.milliseconds)
        }

        static func < (left: Fit, right: Fit) -> Bool {
            guard left.place == right.place else { return left.place < right.place }
            return left.enrolment.id.text < right.enrolment.id.text
        }
    }
}
