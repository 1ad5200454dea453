package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire
import Synchronization

// How a change and the line of the audit log commit together. Who acts, and what for, travels with the task as an
// `AuditNote`; the platform's database, an `AuditedDatabase`, writes the line at the end of the use case's transaction. A
// transaction that changed no row leaves no line. What the platform does by itself has no note: events tell of it.

/// Who is about to change something, and what.
package final class AuditNote: Sendable {
    /// The note of this task, while something is done for somebody.
    @TaskLocal package static var current: AuditNote?

    private let actor: Actor
    private let owner: Owner?
    private let action: String
    private let subjectID: String?
    private let clock: @Sendable () -> Timestamp
    private let detail = Mutex("")
    private let isInsisting = Mutex(false)

    /// - Parameters:
    ///   - owner: Whose account it is done in; nil for the operator's commands.
    ///   - action: As `alert.update`.
    ///   - subjectID: To what, where the caller knows it already.
    package init(
        _ action: String, by actor: Actor, in owner: Owner?, to subjectID: String?,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.action = action
        self.actor = actor
        self.owner = owner
        self.subjectID = subjectID
        self.clock = clock
    }

    /// Says what is asked for; without secrets. Of a text with a full card number nothing is kept.
    package func describe(_ text: @autoclosure () -> String) {
        let kept = AuditedText.kept(of: text())
        detail.withLock { $0 = kept }
    }

    /// Has a line written although no row changes: somebody saw a secret.
    func insist() {
        isInsisting.withLock { $0 = true }
    }

    fileprivate var isWorthALine: Bool { isInsisting.withLock { $0 } }

    fileprivate func entry(about result: Any, _ tx: any ReadTransaction) throws -> AuditEntry {
        let subject = result as? any AuditSubject
        var organisation = subject?.auditedOrganisation
        if case .organisation(let id, _)? = owner { organisation = organisation ?? id }
        let now = clock()
        let partner =
            try owner?.partnerID
            ?? organisation.flatMap { try AccountStore.partner(ofOrganisation: $0, tx) }
        return AuditEntry(
            id: .make(at: now, slot: organisation?.slot ?? 0), actor: actor.id,
            partnerID: partner ?? subject?.auditedPartner, organisationID: organisation,
            action: action, subjectID: subject?.auditedID ?? subjectID,
            detail: detail.withLock { $0 }, createdAt: now)
    }
}

/// The platform's database: changes that somebody asked for are written into the audit log with them.
package struct AuditedDatabase: ForwardingDatabase {
    package let base: any Database

    package init(_ base: any Database) {
        self.base = base
    }

    /// Writes, and writes down who did.
    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        guard let note = AuditNote.current else { return try await base.write(body) }
        return try await base.write { tx in
            let counting = CountingTransaction(tx)
            let result = try body(counting)
            if counting.hasChanged || note.isWorthALine {
                try AuditStore.append(note.entry(about: result, tx), tx)
            }
            return result
        }
    }
}

/// Notes whether a transaction changed a row.
private final class CountingTransaction: WriteTransaction {
    private let base: any WriteTransaction
    private(set) var hasChanged = false

    init(_ base: any WriteTransaction) {
        self.base = base
    }

    var dialect: Dialect { base.dialect }

    func rows<T>(_ sql: SQL, _ read: (inout RowReader) throws -> T) throws -> [T] {
        try base.rows(sql, read)
    }

    func row<T>(_ sql: SQL, _ read: (inout RowReader) throws -> T) throws -> T? {
        try base.row(sql, read)
    }

    func execute(_ sql: SQL) throws -> Int {
        let count = try base.execute(sql)
        if count > 0 { hasChanged = true }
        return count
    }

    func insert(_ rows: [[SQLValue]], by insertion: Insertion) throws {
        if !rows.isEmpty { hasChanged = true }
        try base.insert(rows, by: insertion)
    }

    func executeScript(_ script: String) throws {
        try base.executeScript(script)
    }
}

/// What the audit log can name once it is made or changed.
protocol AuditSubject {
    var auditedID: String { get }
    var auditedOrganisation: OrganisationID? { get }
    var auditedPartner: PartnerID? { get }
}

extension AuditSubject {
    var auditedOrganisation: OrganisationID? { nil }
    var auditedPartner: PartnerID? { nil }
}
