import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// Stores an alert with all that belongs to it, in the commit of who raised it.
struct AlertRaising {
    let tenant: OrganisationStore.Tenant
    let now: Moment

    /// Adds the alert, how it was matched, judged and decided, its event, and what its network is told.
    ///
    /// - Returns: The alert as it was decided.
    @discardableResult
    func raise(_ judged: AlertJudgement.Judged, _ tx: any WriteTransaction) throws -> Alert {
        var judged = judged
        try AlertRuling(settings: tenant.settings, now: now).decide(&judged, tx)
        let decision = judged.record.decision.flatMap(RulesetDecision.init(stored:))
        let lacksRate = decision?.lacksRate == true
        if lacksRate { judged.alert.flag(.rateMissing, now: now.shown) }
        let alert = judged.alert
        // A duplicate is told what its original is, at its own deadline at the latest.
        let late = judged.record.originalID == nil ? nil : alert.actionRequiredDeadline
        let due = tenant.settings.schedule.next(of: alert, after: now.shown) ?? late
        try AlertStore.insert(alert, due: now.real(of: due), tx)
        try AlertCaseStore.insert(judged.record, tx)
        // An order may be on its way, a better one even, and the original may be ending at this moment.
        let isSettled = alert.state.integrationID != nil && alert.state.status != .actionRequired
        if !isSettled || judged.record.originalID != nil {
            let due = now.real.adding(seconds: Limits.unmatchedReviewSeconds)
            try AlertReviewStore.plan([alert.id], at: due, tx)
        }
        let recorder = EventRecorder(partnerID: tenant.partner, now: now)
        try recorder.created(alert, tx)
        if lacksRate { try recorder.flagged(alert, tx) }
        let flagging = AlertFlagging(recorder: recorder)
        let isDeclined = try flagging.flagCommitted([alert], tx)
        let isSecond = try flagging.flagSecondRefund(alert, tx)
        try OutcomeQueue(mode: tenant.mode, now: now.real).tell(alert, judged.record, tx)
        return isDeclined || isSecond ? try AlertStore.named(alert.id, tx) ?? alert : alert
    }
}
