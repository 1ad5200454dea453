package import ParryDatabase
import ParryDomain
package import ParryStore
package import ParryWire
import Synchronization

/// The webhook queue as the dispatcher sees it: claim, record, release.
package final class DeliveryQueue: Sendable {
    /// A delivery with what it takes to send it.
    package struct Parcel: Sendable {
        package let claimed: DeliveryStore.Claimed
        /// nil when the endpoint's secret cannot be decrypted.
        package let signature: WebhookSignature?

        package init(claimed: DeliveryStore.Claimed, signature: WebhookSignature?) {
            self.claimed = claimed
            self.signature = signature
        }
    }

    private let database: any Database
    private let secrets: SecretBox
    /// Decrypted secrets by their stored text, which is different after every rotation.
    private let signatures = Mutex<[String: WebhookSignature]>([:])
    private static let signaturesMax = 10_000

    package init(database: any Database, secrets: SecretBox) {
        self.database = database
        self.secrets = secrets
    }

    /// When something is due next; nil when nothing waits.
    package func nextDue() async throws -> Timestamp? {
        try await database.read { try DeliveryStore.nextDue($0) }
    }

    /// Writes what ended and claims what is due, in one commit.
    ///
    /// - Parameters:
    ///   - ended: Results of this process's sends; one whose lease is lost changes nothing.
    ///   - limit: Deliveries to claim at most; 0 only records.
    package func exchange(
        _ ended: [DeliveryStore.Ended], claim limit: Int, now: Timestamp
    ) async throws -> [Parcel] {
        let lease = Int64.random(in: 1...Int64.max)
        let claimed = try await database.write { tx in
            try DeliveryStore.record(ended, tx)
            guard limit > 0 else { return [DeliveryStore.Claimed]() }
            return try DeliveryStore.claim(limit: limit, lease: lease, now: now, tx)
        }
        return claimed.map { Parcel(claimed: $0, signature: try? signature(of: $0)) }
    }

    /// Gives back what will not be sent by this process.
    package func release(_ parcels: [Parcel], now: Timestamp) async throws {
        guard !parcels.isEmpty else { return }
        try await database.write { tx in
            try DeliveryStore.release(parcels.map(\.claimed), now: now, tx)
        }
    }

    private func signature(of claimed: DeliveryStore.Claimed) throws -> WebhookSignature {
        if let known = signatures.withLock({ $0[claimed.encryptedSecret] }) { return known }
        let secret = try secrets.open(claimed.encryptedSecret, for: claimed.endpointID.text)
        let signature = WebhookSignature(secret: secret)
        signatures.withLock { cache in
            if cache.count >= Self.signaturesMax { cache.removeAll() }
            cache[claimed.encryptedSecret] = signature
        }
        return signature
    }
}
