package import ParryWire

/// What a world is made from: the same plan always gives the same files, byte for byte.
package struct WorldPlan: Sendable {
    /// Decides every random number.
    package var seed: UInt64
    /// Sales and declined attempts, each one order. Sales that no order is ever uploaded for come
    /// on top.
    package var transactions: Int
    /// Disputes: Ethoca alerts and RDR cases together. At most one in two transactions can have
    /// one.
    package var alerts: Int
    /// Where the orders belong, the busiest first.
    package var accounts: [WorldAccount]
    /// The world's now. Sales lie on the 150 days before its UTC day, alerts in the 24 hours before
    /// it.
    package var time: Timestamp
    /// The share of alerts about a sale that was never uploaded while another card's looks just like it.
    package var lookAlikes = WorldShares.lookAlikes

    /// Plans a world for organisations that exist.
    ///
    /// - Parameter accounts: Organisations, each with its `CUSTOM_ORDERS` integration.
    package init(
        seed: UInt64, transactions: Int, alerts: Int,
        accounts: [(OrganisationID, IntegrationID)], at time: Timestamp
    ) {
        self.seed = seed
        self.transactions = max(0, transactions)
        self.alerts = max(0, min(alerts, transactions / 2))
        self.accounts = accounts.map { WorldAccount(organisationID: $0.0, integrationID: $0.1) }
        self.time = time
    }

    /// Plans a world with made-up organisations.
    package init(
        seed: UInt64, transactions: Int, alerts: Int, organisationCount: Int, at time: Timestamp
    ) {
        let accounts = (0..<max(1, organisationCount)).map {
            WorldAccount.made(seed: seed, number: $0, at: time)
        }
        self.init(
            seed: seed, transactions: transactions, alerts: alerts,
            accounts: accounts.map { ($0.organisationID, $0.integrationID) }, at: time)
    }
}

/// An organisation of a world and the integration that its orders belong to.
package struct WorldAccount: Sendable, Hashable {
    package let organisationID: OrganisationID
    package let integrationID: IntegrationID

    /// Takes ids that exist, or that were made.
    package init(organisationID: OrganisationID, integrationID: IntegrationID) {
        self.organisationID = organisationID
        self.integrationID = integrationID
    }

    /// Made-up ids in the platform's own form, with one slot for both (CONTRACT.md 1.1).
    static func made(seed: UInt64, number: Int, at time: Timestamp) -> WorldAccount {
        var random = SeededGenerator(seed: seed, WorldTag.account, UInt64(number))
        let slot = UInt128(random.below(IdentifierLayout.slotMax + 1)) << 68
        let instant = UInt128(UInt64(max(0, time.milliseconds)) & 0xFFFF_FFFF_FFFF) << 80
        return WorldAccount(
            organisationID: OrganisationID(
                stored: OrganisationResource.idPrefix + body(instant | slot | tail(&random))),
            integrationID: IntegrationID(
                stored: IntegrationResource.idPrefix + body(instant | slot | tail(&random))))
    }

    private static func tail(_ random: inout SeededGenerator) -> UInt128 {
        UInt128(random.next() & 0xF) << 64 | UInt128(random.next())
    }

    private static let alphabet = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    private static func body(_ bits: UInt128) -> String {
        var rest = bits
        var bytes: [UInt8] = []
        for _ in 0..<IdentifierLayout.characters {
            bytes.append(alphabet[Int(rest % 58)])
            rest /= 58
        }
        return String(decoding: bytes.reversed(), as: UTF8.self)
    }
}

/// What a seed is split by, so that no two things of a world share their random numbers.
enum WorldTag {
    static let account: UInt64 = 1
    static let market: UInt64 = 2
    static let slot: UInt64 = 3
    static let churn: UInt64 = 4
    static let subscriber: UInt64 = 5
    static let buyer: UInt64 = 6
    static let role: UInt64 = 7
    static let sale: UInt64 = 8
    static let pick: UInt64 = 9
    static let alert: UInt64 = 10
    static let stranger: UInt64 = 11
}
