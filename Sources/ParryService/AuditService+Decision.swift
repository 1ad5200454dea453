import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire

extension AuditService {
    /// Who declared what became of an alert, by page or API; nil where the platform decided, or nobody has.
    static func decision(
        about alert: AlertID, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> Named? {
        try about(alert.text, for: owner, limit: Limits.alertEventsShownMax, tx).last {
            $0.entry.action == "alert.update" && $0.alertAction != nil
        }
    }
}

extension AuditService.Named {
    /// What was declared of an alert, where the entry tells that.
    package var alertAction: AlertAction? {
        let detail = try? JSONDocument.parse(Array(entry.detail.utf8)).root
        return detail?["action"]?.string.flatMap(AlertAction.init)
    }
}
