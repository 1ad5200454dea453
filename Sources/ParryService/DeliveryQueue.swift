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
        let (claimed, lost) = try await commit { tx in
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
