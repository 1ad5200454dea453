import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// Stores an alert with all that belongs to it, in the commit of who raised it.
struct AlertRaising {
    let partnerID: PartnerID
    let mode: AccountMode
    let now: Timestamp

    /// Adds the alert, how it was matched and judged, its event, and what its network is told.
    func raise(_ judged: AlertJudgement.Judged, _ tx: any WriteTransaction) throws {
        try AlertStore.insert(judged.alert, tx)
        try AlertCaseStore.insert(judged.record, tx)
        // An order may be on its way, and the original may be ending at this moment.
        if judged.alert.state.integrationID == nil || judged.record.originalID != nil {
            let due = now.adding(seconds: Limits.unmatchedReviewSeconds)
            try AlertReviewStore.plan([judged.alert.id], at: due, tx)
        }
        try EventRecorder(partnerID: partnerID, now: now).created(judged.alert, tx)
        try OutcomeQueue(mode: mode, now: now).tell(judged.alert, judged.record, tx)
    }
}
