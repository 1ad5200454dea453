import ParryDomain
import ParryWire
import Testing

@Suite("When an open alert is due")
struct AlertScheduleTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)
    private let schedule = OrganisationSettings.standard.schedule

    private func alert(_ status: AlertStatus? = nil) throws -> Alert {
        var enrolment = Enrolment.create(
            .ethocaAlert([.init(text: "ACME", matchType: .startsWith, status: .pending)]),
            merchantIDs: [.make(at: now, slot: 7)], organisationID: .make(at: now, slot: 7),
            now: Moment(now))
        try enrolment.simulate(.enabled, now: now)
        var simulation = AlertSimulation()
        simulation.status = status
        return try Alert.simulated(simulation, through: enrolment, now: Moment(now))
    }

    private func hours(_ count: Int64) -> Timestamp { now.adding(seconds: count * 3_600) }

    @Test(
        "First at the reminders, 24 and 4 hours before the deadline, then at the deadline",
        arguments: [(0, 24), (23, 24), (24, 44), (43, 44), (44, 48), (47, 48), (100, 48)])
    func next(_ hour: Int64, _ due: Int64) throws {
        #expect(schedule.next(of: try alert(), after: hours(hour)) == hours(due))
    }

    @Test("Without reminders it is the deadline, and for what waits for nothing never")
    func never() throws {
        let none = AlertSchedule(reminderHours: [])
        #expect(none.next(of: try alert(), after: now) == hours(48))
        for status in [AlertStatus.resolved, .invalid] {
            #expect(schedule.next(of: try alert(status), after: now) == nil)
        }
    }

    @Test(
        "A reminder belongs to the time since the last look; one that was missed comes late, several as one"
    )
    func reminders() throws {
        let alert = try alert()
        let cases: [(Int64?, Int64, Bool)] = [
            (nil, 23, false), (nil, 24, true), (nil, 47, true), (24, 30, false), (23, 44, true),
            (24, 44, true), (44, 47, false),
        ]
        for (last, now, expected) in cases {
            #expect(
                schedule.hasReminder(of: alert, after: last.map(hours), until: hours(now))
                    == expected, "\(String(describing: last)) \(now)")
        }
        #expect(!schedule.hasReminder(of: try self.alert(.resolved), after: nil, until: hours(47)))
    }

    @Test("At the deadline it ends not refunded, once, and not a millisecond before")
    func expires() throws {
        var alert = try alert()
        let deadline = try #require(alert.actionRequiredDeadline)
        let early = deadline.adding(milliseconds: -1)
        let isTooEarly = !alert.expire(now: early)
        #expect(isTooEarly)
        #expect(alert.state.status == .actionRequired)
        let isEnded = alert.expire(now: deadline)
        #expect(isEnded)
        #expect(alert.state.status == .resolved)
        #expect(alert.state.refundOutcome == .notRefunded)
        #expect(alert.updatedAt == deadline)
        let isEndedAgain = alert.expire(now: deadline)
        #expect(!isEndedAgain)
    }

    @Test(
        "Of what a ruleset decides ACCEPT_DISPUTE alone is carried out: nothing else is done without money",
        arguments: AlertAction.allCases)
    func decisions(_ outcome: AlertAction) throws {
        var alert = try alert()
        let decision = RulesetDecision(
            rulesetID: .make(at: now, slot: 7), version: 1, outcome: outcome, findings: [])
        let isCarriedOut = alert.take(decision)
        #expect(isCarriedOut == (outcome == .acceptDispute))
        #expect((alert.state.status == .resolved) == (outcome == .acceptDispute))
        var ended = try self.alert(.invalid)
        let isTaken = ended.take(decision)
        #expect(!isTaken)
    }

    @Test(
        "Reminders are set as hours, the earliest first, and refused with a sentence",
        arguments: [("24,4", [24, 4]), ("1,48,12", [48, 12, 1]), ("", [])])
    func setting(_ text: String, _ hours: [Int]) throws {
        var settings = OrganisationSettings.standard
        try settings.set("deadline_reminders", to: text)
        #expect(settings.reminderHours == hours)
        for wrong in [
            "0", "73", "4,4", "a", "1,2,3,4,5,6", "4, 2", "-1", ",", "24,,4", "4,", "+4", "024",
        ] {
            #expect(throws: OrganisationSettings.Invalid.self, "\(wrong)") {
                try settings.set("deadline_reminders", to: wrong)
            }
        }
    }
}
