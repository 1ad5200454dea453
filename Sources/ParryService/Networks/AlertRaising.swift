import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// Stores an alert with all that belongs to it, in the commit of who raised it.
struct AlertRaising {
    let tenant: OrganisationStore.Tenant
    let now: Timestamp

    /// Adds the alert, how it was matched, judged and decided, its event, and what its network is told.
    ///
    /// - Returns: The alert as it was decided.
    @discardableResult
    func raise(_ judged: AlertJudgement.Judged, _ tx: any WriteTransaction) throws -> Alert {
        var judged = judged
        try AlertRuling(settings: tenant.settings).decide(&judged, tx)
        let alert = judged.alert
        // A duplicate is told what its original is, at its own deadline at the latest.
        let late = judged.record.originalID == nil ? nil : alert.actionRequiredDeadline
        try AlertStore.insert(
            alert, due: tenant.settings.schedule.next(of: alert, after: now) ?? late, tx)
        try AlertCaseStore.insert(judged.record, tx)
        // An order may be on its way, a better one even, and the original may be ending at this moment.
        let isSettled = alert.state.integrationID != nil && alert.state.status != .actionRequired
        if !isSettled || judged.record.originalID != nil {
            let due = now.adding(seconds: Limits.unmatchedReviewSeconds)
            try AlertReviewStore.plan([alert.id], at: due, tx)
        }
        try EventRecorder(partnerID: tenant.partner, now: now).created(alert, tx)
        try OutcomeQueue(mode: tenant.mode, now: now).tell(alert, judged.record, tx)
        return alert
    }
}
