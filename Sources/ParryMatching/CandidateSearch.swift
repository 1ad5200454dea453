import ParryDomain
package import ParryWire

/// What the store looks up for an alert: at most three index ranges, whose rows together hold every sale that
/// a rule could match or that is worth showing as a near miss.
///
/// The keys are spelled as ``MatchKey`` does; whoever compares them with stored columns spells those alike.
/// A row that is in several ranges counts once. Each range is read to ``MatchingRules/rowsPerRangeMax`` rows;
/// if it has more, ``Matching/judge(_:_:mode:rates:isComplete:)`` is told.
package struct CandidateSearch: Sendable, Hashable {
    /// A key and the times of `authorised_at` that count, both included.
    package struct Range: Sendable, Hashable {
        package let key: String
        package let from: Timestamp
        package let to: Timestamp
    }

    /// Looked up whatever the time: step 1 has no window.
    package let acquirerReferenceNumber: String?
    /// Sales whose `authorised_at` is not known belong to this range as well: a code says enough without.
    package let authorisationCode: Range?
    /// Sales whose `authorised_at` is not known are left out: they are told by ARN or code only.
    package let cardLast4: Range?

    /// Whether there is nothing to look up: the alert names neither ARN, code nor card.
    package var isEmpty: Bool {
        acquirerReferenceNumber == nil && authorisationCode == nil && cardLast4 == nil
    }

    /// The widest windows that a rule or a near miss uses; without the sale's time, what lies before the
    /// alert as far as it may reach.
    package init(_ subject: MatchSubject) {
        acquirerReferenceNumber = MatchKey.acquirerReferenceNumber(subject.acquirerReferenceNumber)
        authorisationCode = MatchKey.authorisationCode(subject.authorisationCode).map {
            Self.range($0, subject)
        }
        cardLast4 = MatchKey.last4(subject.cardLast4).map {
            Self.range($0, subject)
        }
    }

    private static func range(_ key: String, _ subject: MatchSubject) -> Range {
        guard let time = subject.transactionAt else {
            let reach = subject.untimedReach
            return Range(key: key, from: reach.lowerBound, to: reach.upperBound)
        }
        let reach = MatchingRules.explained
        return Range(
            key: key, from: time.adding(milliseconds: -reach), to: time.adding(milliseconds: reach))
    }
}

/// A quick look at the narrow row of a sale, before its order is read for status and method.
package struct CandidateFilter: Sendable {
    private let arn: String?
    private let search: CandidateSearch
    private let subject: MatchSubject

    /// Spells the alert's keys once.
    package init(_ subject: MatchSubject) {
        self.subject = subject
        search = CandidateSearch(subject)
        arn = search.acquirerReferenceNumber
    }

    /// False only when no rule could ever match the sale or show it as a near miss worth explaining.
    package func couldBe(_ candidate: MatchCandidate) -> Bool {
        if let arn, MatchKey.acquirerReferenceNumber(candidate.acquirerReferenceNumber) == arn {
            return true
        }
        if let code = search.authorisationCode,
            MatchKey.authorisationCode(candidate.authorisationCode) == code.key
        {
            return Self.isInside(code, candidate)
        }
        guard let last4 = search.cardLast4, MatchKey.last4(candidate.cardLast4) == last4.key else {
            return false
        }
        return Self.isInside(last4, candidate) && fitsAmount(candidate)
    }

    private static func isInside(
        _ range: CandidateSearch.Range, _ candidate: MatchCandidate
    ) -> Bool {
        guard let time = candidate.authorisedAt else { return true }
        return range.from <= time && time <= range.to
    }

    /// With the last 4 alone an amount above the sale's is nobody's near miss.
    private func fitsAmount(_ candidate: MatchCandidate) -> Bool {
        guard let amount = subject.amount, let sale = candidate.amount,
            let currency = subject.currency, currency == candidate.currency
        else { return true }
        return amount <= sale
    }
}

extension MatchSubject {
    /// When a sale can have been that the alert gives no time of.
    var untimedReach: ClosedRange<Timestamp> {
        let first = networkAlertedAt.adding(milliseconds: -MatchingRules.untimedReach)
        return first...networkAlertedAt.adding(milliseconds: MatchingRules.aheadOfAlert)
    }

    /// See ``CandidateFilter``, which is quicker for many candidates.
    package func couldBe(_ candidate: MatchCandidate) -> Bool {
        CandidateFilter(self).couldBe(candidate)
    }
}
