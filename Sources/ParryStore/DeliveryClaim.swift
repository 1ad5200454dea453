import ParryDatabase
import ParryDomain
import ParryWire

// Who acts. Each process's dispatcher, some times a second. A claim looks which endpoints have something due,
// takes candidates of each, chooses among them in turn, and leases the chosen. Only the leasing locks.
//
// What it costs does not grow with the queue: an endpoint with a million due deliveries is one step of an
// index, and endpoints that are paused, or held back by the process, are stepped over. A look for what is new
// reads what was made since the claim before it.

/// One claim of due deliveries.
struct DeliveryClaim {
    let appetite: DeliveryAppetite
    let lease: Int64
    let now: Timestamp
    /// Whether the tables are spread over the nodes of Citus.
    let isDistributed: Bool

    /// An endpoint that has something due. A class, because each of its candidates refers to it.
    final class Waiting: Sendable {
        let id: WebhookEndpointID
        let partnerID: PartnerID
        let url: String
        let encryptedSecret: String
        let formerEncryptedSecret: String?
        let isPaused: Bool
        let isDeleted: Bool
        let dueAt: Timestamp

        /// - Parameter now: When a former secret may have ended.
        init(_ row: inout RowReader, now: Timestamp) throws {
            id = .init(stored: try row.text())
            partnerID = .init(stored: try row.text())
            url = try row.text()
            encryptedSecret = try row.text()
            let former = try row.textOrNull()
            let end = try row.timestampOrNull()
            formerEncryptedSecret = end.map { $0 > now } == true ? former : nil
            isPaused = try row.integer() == 1
            isDeleted = try row.integerOrNull() != nil
            dueAt = try row.timestampOrNull() ?? .never
        }
    }

    /// A due delivery that may be chosen.
    struct Candidate {
        let id: String
        let slot: Int64
        let endpoint: Waiting
    }

    func run(_ tx: any WriteTransaction) throws -> DeliveryStore.Claimed {
        let look = try self.look(tx)
        try giveUp(look.waiting.filter(\.isDeleted), tx)
        let due = look.waiting.filter(isDue)
        let welcome = due.filter { wanted(of: $0) > 0 }
        let asked = inTurn(welcome)
        let (first, others) = choose(try candidates(of: asked, tx))
        var found = try take(first, tx)
        let isCrowded = found.count < first.count
        // What another process took meanwhile is made up from the rest.
        if isCrowded, !others.isEmpty {
            found += try take(Array(others.prefix(first.count - found.count)), tx)
        }
        let unasked = due.filter { endpoint in !asked.contains { $0.id == endpoint.id } }
        let leftOver = (unasked + others.map(\.endpoint)).map { ($0.id, $0.partnerID) }
        return DeliveryStore.Claimed(
            deliveries: found,
            look: .init(
                end: look.end,
                isCrowded: isCrowded || look.isCutOff || asked.count < welcome.count,
                leftOver: Dictionary(leftOver) { first, _ in first },
                endpointCount: appetite.since == nil ? look.waiting.count : nil))
    }

    private func take(
        _ chosen: [Candidate], _ tx: any WriteTransaction
    ) throws -> [ClaimedDelivery] {
        try DeliveryLease(number: lease, now: now, isDistributed: isDistributed).take(chosen, tx)
    }

    /// As many endpoints as one claim asks, tenants in turn.
    private func inTurn(_ endpoints: [Waiting]) -> [Waiting] {
        var turns = FairTurns<Waiting>()
        for endpoint in endpoints {
            turns.append(endpoint, of: endpoint.id, of: endpoint.partnerID)
        }
        var chosen: [Waiting] = []
        while chosen.count < Limits.endpointsClaimedMax,
            let next = turns.take(where: { _, _ in true })
        {
            chosen.append(next)
        }
        return chosen
    }

    /// Whether something is due that is wanted, or not all could be looked at.
    func hasWork(_ tx: any ReadTransaction) throws -> Bool {
        let look = try self.look(tx)
        return !look.end.isEmpty
            || look.waiting.contains { $0.isDeleted || isDue($0) && wanted(of: $0) > 0 }
    }

    private func isDue(_ endpoint: Waiting) -> Bool {
        !endpoint.isPaused && !endpoint.isDeleted && endpoint.dueAt <= now
    }

    private func wanted(of endpoint: Waiting) -> Int {
        appetite.wanted(of: endpoint.id, of: endpoint.partnerID)
    }

    /// The endpoints that a claim looks at.
    private struct Look {
        let waiting: [Waiting]
        /// Where to go on, empty behind the last.
        var end = ""
        /// Whether there are more, nobody knows where.
        var isCutOff = false
    }

    private func look(_ tx: any ReadTransaction) throws -> Look {
        let waiting = try appetite.since.map { try look(since: $0, tx) } ?? lookAtAll(tx)
        guard waiting.count >= Limits.endpointsLookedAtMax else { return Look(waiting: waiting) }
        return appetite.since == nil
            ? Look(waiting: waiting, end: waiting.last?.id.text ?? "")
            : Look(waiting: waiting, isCutOff: true)
    }

    /// Those with deliveries that were made since then, which lie together at the end of the table's key. That of an index
    /// would tell them apart faster, and read all that waits.
    private func look(since time: Timestamp, _ tx: any ReadTransaction) throws -> [Waiting] {
        try tx.rows(
            """
            WITH turn AS (SELECT DISTINCT endpoint_id || '' AS endpoint_id FROM delivery
                WHERE id >= \(DeliveryID.bounds(at: time).first.text)
                LIMIT \(Limits.endpointsLookedAtMax))
            \(Self.waiting)
            """
        ) { try Waiting(&$0, now: now) }
    }

    private static let waiting: SQL = """
        SELECT e.id, e.partner_id, e.url, e.secret, e.former_secret, e.former_secret_until,
            e.is_paused, e.deleted_at,
            (SELECT min(due_at) FROM delivery d WHERE d.endpoint_id = e.id) AS due_at
        FROM turn JOIN webhook_endpoint e ON e.id = turn.endpoint_id ORDER BY e.id
        """

    /// The next endpoints that anything waits for, whenever it is due; each is one step in the index.
    private func lookAtAll(_ tx: any ReadTransaction) throws -> [Waiting] {
        try tx.rows(
            """
            WITH RECURSIVE turn (endpoint_id, number) AS (
                SELECT (SELECT min(endpoint_id) FROM delivery
                    WHERE endpoint_id > \(appetite.after)), 1
                UNION ALL
                SELECT (SELECT min(endpoint_id) FROM delivery
                    WHERE endpoint_id > turn.endpoint_id), number + 1
                FROM turn WHERE endpoint_id IS NOT NULL AND number < \(Limits.endpointsLookedAtMax))
            \(Self.waiting)
            """
        ) { try Waiting(&$0, now: now) }
    }

    /// The longest due deliveries of each endpoint, as many as are wanted of it.
    private func candidates(
        of endpoints: [Waiting], _ tx: any ReadTransaction
    ) throws -> [Candidate] {
        guard !endpoints.isEmpty else { return [] }
        let known = Dictionary(uniqueKeysWithValues: endpoints.map { ($0.id.text, $0) })
        return try tx.rows(query(endpoints, tx.dialect)) { row in
            (id: try row.text(), slot: try row.integer(), endpoint: try row.text())
        }.compactMap { row in
            known[row.endpoint].map { Candidate(id: row.id, slot: row.slot, endpoint: $0) }
        }
    }

    /// Differs by necessity: PostgreSQL plans one query for all endpoints sooner than one of many parts, and has one limit
    /// for all of them; SQLite has no lateral join.
    private func query(_ endpoints: [Waiting], _ dialect: Dialect) -> SQL {
        switch dialect {
        case .postgreSQL:
            let limit = (endpoints.map(wanted).max() ?? 0) + 1
            return """
                SELECT line.id, line.slot, e.id FROM webhook_endpoint e CROSS JOIN LATERAL
                    (SELECT id, slot FROM delivery
                    WHERE endpoint_id = e.id AND due_at <= \(now.milliseconds)
                    ORDER BY due_at LIMIT \(limit)) AS line
                WHERE e.id IN \(anyOf: endpoints.map(\.id.text))
                """
        case .sqlite:
            // Few statements exist: their number is a power of two.
            var lines = endpoints.map { line($0, wanted(of: $0) + 1) }
            while lines.count & (lines.count - 1) != 0 { lines.append(line(endpoints[0], 0)) }
            return SQL.joined(lines, separator: " UNION ALL ")
        }
    }

    private func line(_ endpoint: Waiting, _ limit: Int) -> SQL {
        """
        SELECT * FROM (SELECT id, slot, endpoint_id FROM delivery
            WHERE endpoint_id = \(endpoint.id.text) AND due_at <= \(now.milliseconds)
            ORDER BY due_at LIMIT \(limit)) AS line
        """
    }

    /// Those that are to be claimed, in turn, and those that could be as well.
    private func choose(_ candidates: [Candidate]) -> (first: [Candidate], others: [Candidate]) {
        var turns = FairTurns<Candidate>()
        for candidate in candidates {
            turns.append(candidate, of: candidate.endpoint.id, of: candidate.endpoint.partnerID)
        }
        var rest = appetite
        var first: [Candidate] = []
        while let next = turns.take(where: { rest.wanted(of: $0, of: $1) > 0 }) {
            rest.take(of: next.endpoint.id, of: next.endpoint.partnerID)
            first.append(next)
        }
        return (first, turns.takeAll())
    }

    /// Ends what waits for endpoints that are deleted; the rest of very many at the next claim.
    private func giveUp(_ endpoints: [Waiting], _ tx: any WriteTransaction) throws {
        guard !endpoints.isEmpty else { return }
        let ids = try tx.rows(
            """
            SELECT id FROM delivery WHERE endpoint_id IN \(anyOf: endpoints.map(\.id.text))
            LIMIT \(Limits.orphansGivenUpMax)
            """
        ) { DeliveryID(stored: try $0.text()) }
        try DeliveryRecord(isDistributed: isDistributed, now: now).giveUp(ids, tx)
    }
}
