package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire
import Synchronization

/// The webhook queue as the dispatcher sees it: claim, record, release.
package final class DeliveryQueue: Sendable {
    /// A delivery with what it takes to send it.
    package struct Parcel: Sendable {
        package let claimed: ClaimedDelivery
        package let signature: WebhookSignature

        package init(claimed: ClaimedDelivery, signature: WebhookSignature) {
            self.claimed = claimed
            self.signature = signature
        }
    }

    /// What a claim brought.
    package struct Claim: Sendable {
        package let parcels: [Parcel]
        /// Deliveries whose endpoint's secret this process cannot decrypt, as when the master key was
        /// rotated under it. They are no try; they come again when their lease ends.
        package let unreadable: [DeliveryID]
        /// What the claim saw of the queue; nil when nothing was asked for.
        package let look: DeliveryLook?
        /// Results that were not written, because the lease had ended and the delivery is another's.
        package let leasesLost: Int

        package init(
            parcels: [Parcel], unreadable: [DeliveryID] = [], look: DeliveryLook? = nil,
            leasesLost: Int = 0
        ) {
            self.parcels = parcels
            self.unreadable = unreadable
            self.look = look
            self.leasesLost = leasesLost
        }
    }

    private let database: any Database
    private let secrets: SecretBox
    /// Decrypted secrets by their stored text, which is different after every rotation.
    private let signatures = Mutex<[String: WebhookSignature]>([:])
    private static let signaturesMax = 10_000
    /// Leases of claims whose answer may have been lost with a connection: what they took is not sent by anybody. With
    /// each the deliveries that are known to be taken.
    private let doubtful = Mutex<[Int64: Set<DeliveryID>]>([:])

    private let isDistributed: Bool

    /// - Parameter isDistributed: Whether the tables are spread over the nodes of Citus.
    package init(database: any Database, secrets: SecretBox, isDistributed: Bool = false) {
        self.isDistributed = isDistributed
        self.database = database
        self.secrets = secrets
    }

    /// Whether a claim could find something.
    package func hasWork(for appetite: DeliveryAppetite, now: Timestamp) async throws -> Bool {
        try await database.lookUp { try DeliveryStore.hasWork(for: appetite, now: now, $0) }
    }

    /// Writes what ended and claims what is due. What ended is written whole or not at all, and so is the claim;
    /// results that were written before a claim failed may be written again and change nothing.
    ///
    /// - Parameters:
    ///   - ended: Results of this process's sends; one whose lease is lost changes nothing.
    ///   - appetite: What to claim; no room only records.
    package func exchange(
        _ ended: [EndedDelivery], claim appetite: DeliveryAppetite, now: Timestamp
    ) async throws -> Claim {
        let lease = Int64.random(in: 1...Int64.max)
        let isDistributed = isDistributed
        let doubts = doubtful.withLock { $0 }
        let runs = RunCount()
        let (claimed, lost) = try await noting(lease, runs) {
            try await commit { tx in
                runs.add()
                for (lease, known) in doubts {
                    try DeliveryStore.release(lease: lease, but: known, now: now, tx)
                }
                let lost = try DeliveryStore.record(
                    ended, isDistributed: isDistributed, now: now, tx)
                let gone = ended.filter(\.attempt.isGone).map(\.delivery.endpointID)
                try WebhookEndpointStore.pauseGone(Set(gone), now: now, tx)
                guard appetite.room > 0 else { return (DeliveryStore.Claimed.nothing, lost) }
                return (
                    try DeliveryStore.claim(
                        appetite, lease: lease, isDistributed: isDistributed, now: now, tx), lost
                )
            }
        }
        doubtful.withLock { doubtful in
            for lease in doubts.keys { doubtful[lease] = nil }
        }
        let parcels = claimed.deliveries.compactMap { delivery in
            (try? signature(of: delivery)).map { Parcel(claimed: delivery, signature: $0) }
        }
        let readable = Set(parcels.map(\.claimed.id))
        return Claim(
            parcels: parcels,
            unreadable: claimed.deliveries.map(\.id).filter { !readable.contains($0) },
            look: claimed.look, leasesLost: lost)
    }

    /// Gives back what will not be sent by this process.
    package func release(_ parcels: [Parcel], now: Timestamp) async throws {
        guard !parcels.isEmpty else { return }
        try await database.write { tx in
            try DeliveryStore.release(parcels.map(\.claimed), now: now, tx)
        }
    }

    /// Notes a claim that failed, or that ran more than once, because what an earlier run took was not told.
    private func noting(
        _ lease: Int64, _ runs: RunCount,
        _ exchange: () async throws -> (DeliveryStore.Claimed, Int)
    ) async throws -> (DeliveryStore.Claimed, Int) {
        do {
            let result = try await exchange()
            if runs.count > 1 { doubt(lease, but: Set(result.0.deliveries.map(\.id))) }
            return result
        } catch {
            doubt(lease, but: [])
            throw error
        }
    }

    private func doubt(_ lease: Int64, but known: Set<DeliveryID>) {
        guard database.dialect == .postgreSQL else { return }
        doubtful.withLock { doubtful in
            // Beyond a few the end of the lease gives them back.
            if doubtful.count < Limits.leasesDoubtedMax { doubtful[lease] = known }
        }
    }

    /// How often a closure ran.
    private final class RunCount: Sendable {
        private let runs = Atomic(0)

        var count: Int { runs.load(ordering: .acquiring) }

        func add() { runs.add(1, ordering: .acquiringAndReleasing) }
    }

    /// Citus cannot move rows from table to table in one statement, which the others do, so that each statement
    /// is good by itself.
    private func commit<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        isDistributed
            ? try await database.write(body) : try await database.writeSingly(body)
    }

    private func signature(of claimed: ClaimedDelivery) throws -> WebhookSignature {
        let name = claimed.encryptedSecret + " " + (claimed.formerEncryptedSecret ?? "")
        if let known = signatures.withLock({ $0[name] }) { return known }
        let owner = claimed.endpointID.text
        let signature = WebhookSignature(
            secret: try secrets.open(claimed.encryptedSecret, for: owner),
            former: try claimed.formerEncryptedSecret.map { try secrets.open($0, for: owner) })
        signatures.withLock { cache in
            if cache.count >= Self.signaturesMax { cache.removeAll() }
            cache[name] = signature
        }
        return signature
    }
}
