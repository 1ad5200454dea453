import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService

extension Endpoint {
    /// What the audit log calls it, as `alert.update`; nil for what changes nothing, and for orders, of which there are
    /// too many to be anybody's doing.
    var auditAction: String? {
        guard method != .get else { return nil }
        var parts = path.split(separator: "/").dropFirst().filter { !$0.hasPrefix("{") }
            .map(String.init)
        guard let collection = parts.first, collection != "orders" else { return nil }
        let isSimulation = collection == "simulate"
        if isSimulation { parts.removeFirst() }
        let resource = Self.singular(parts.removeFirst())
        let verb = parts.last.map { $0.replacing("-", with: "_") } ?? self.verb
        return "\(resource).\(isSimulation ? "simulate" : verb)"
    }

    private var verb: String {
        switch method {
        case .post: "create"
        case .delete: "delete"
        default: "update"
        }
    }

    private static func singular(_ collection: String) -> String {
        let words = collection.replacing("-", with: "_")
        return String(words.hasSuffix("s") ? words.dropLast() : words[...])
    }

    /// Carries a call out; a change of it is written into the audit log with it.
    ///
    /// - Parameter action: The endpoint's ``auditAction``.
    static func audited(
        _ call: Call, as action: String?, _ handle: (Call) async throws -> Answer
    ) async throws -> Answer {
        guard let action else { return try await handle(call) }
        let subject = call.context.parameters.get("part") ?? call.context.parameters.get("id")
        let note = AuditNote(
            action, by: call.principal.actor, in: call.principal.owner, to: subject,
            clock: call.clock)
        return try await AuditNote.$current.withValue(note) { try await handle(call) }
    }
}
