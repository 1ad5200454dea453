package import ParryWire

/// This moment: as everybody has it, and as one organisation shows it, whose test clock may run ahead.
package struct Moment: Sendable, Hashable {
    /// What ids, leases, due times and the order of the feed go by.
    package let real: Timestamp
    /// By how many milliseconds the organisation's test clock is ahead; 0 for LIVE organisations.
    package let lead: Int64

    package init(_ real: Timestamp, lead: Int64 = 0) {
        self.real = real
        self.lead = lead
    }

    /// What the organisation's resources and events show.
    package var shown: Timestamp { real.adding(milliseconds: lead) }

    /// When a time that the organisation shows comes; nil for none.
    package func real(of shown: Timestamp?) -> Timestamp? {
        shown?.adding(milliseconds: -lead)
    }
}

/// The clock of a TEST organisation: forward only, so that nothing that was due is undone.
package struct TestClock: Sendable, Hashable {
    package let organisationID: OrganisationID
    package private(set) var moment: Moment

    package init(of organisationID: OrganisationID, at moment: Moment) {
        self.organisationID = organisationID
        self.moment = moment
    }

    /// How a caller sets it.
    package enum Change: Sendable, Hashable {
        case advance(seconds: Int64)
        case set(to: Timestamp)
    }

    /// Sets it forward.
    ///
    /// - Returns: By how many milliseconds.
    /// - Throws: ``TestClockError``; the clock is then as it was.
    package mutating func change(_ change: Change) throws(TestClockError) -> Int64 {
        let step: Int64
        switch change {
        case .advance(let seconds): step = seconds * 1_000
        case .set(let time):
            // What the clock was shown as, to the second, is where it is.
            let isNow = time >= moment.shown.truncatedToSecond && time < moment.shown
            step = isNow ? 0 : time.milliseconds - moment.shown.milliseconds
        }
        guard step >= 0 else { throw .backwards(moment.shown) }
        let lead = moment.lead + step
        guard lead <= Limits.testClockLeadSecondsMax * 1_000 else { throw .tooFar }
        moment = Moment(moment.real, lead: lead)
        return step
    }
}

/// Why a test clock is not set.
package enum TestClockError: Error, Equatable {
    /// It shows this time already.
    case backwards(Timestamp)
    /// Beyond ``Limits/testClockLeadSecondsMax``.
    case tooFar
}

extension Identifier {
    /// A new id; it tells the real time of its making.
    package static func make(at now: Moment, slot: Int) -> Identifier {
        make(at: now.real, slot: slot)
    }
}
