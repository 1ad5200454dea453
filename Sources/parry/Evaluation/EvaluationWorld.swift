import Foundation
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryWire

/// A generated world in a database of its own.
struct EvaluationWorld {
    let folder: URL
    /// The merchants of each organisation.
    let merchants: [OrganisationID: [MerchantID]]

    /// Orders that are stored together.
    private static let batch = 100

    /// Makes the organisations of a world and stores its orders and rates.
    ///
    /// - Parameter late: Whether also those that arrive after the alerts.
    static func load(
        _ path: String, late: Bool, into database: any Database
    ) async throws -> EvaluationWorld {
        let folder = URL(filePath: path)
        let loader = Loader(folder: folder, database: database)
        let merchants = try await loader.organisations()
        let rates = try ExchangeRates.parse(
            csv: String(decoding: try loader.bytes("rates.csv"), as: UTF8.self))
        try await RateService(database: database).take(rates)
        try await loader.orders("orders.jsonl")
        if late {
            try await loader.orders("late-orders.jsonl")
            try await loader.patches()
        }
        return EvaluationWorld(folder: folder, merchants: merchants)
    }

    /// The lines of one of its files.
    func lines(_ name: String) throws -> [JSONValue] {
        try Self.lines(folder, name).map { try JSONDocument.parse($0).root }
    }

    fileprivate static func lines(_ folder: URL, _ name: String) throws -> [[UInt8]] {
        guard let data = FileManager.default.contents(atPath: folder.appending(path: name).path)
        else { throw Settings.Invalid("\(name) of the world cannot be read") }
        return data.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    private struct Loader {
        let folder: URL
        let database: any Database

        private var principal: Principal { .operator(of: Self.partner.id) }
        private static let now = Timestamp(milliseconds: 0)
        private static let partner = Partner(
            id: .make(at: now, slot: 0), name: "World", mode: .live, createdAt: now)

        func bytes(_ name: String) throws -> Data {
            let path = folder.appending(path: name).path
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Settings.Invalid("\(path) cannot be read")
            }
            return data
        }

        func organisations() async throws -> [OrganisationID: [MerchantID]] {
            let root = try JSONDocument.parse(Array(try bytes("world.json"))).root
            let found = root["organisations"]?.elements.map(Account.init) ?? []
            return try await database.write { tx in
                try AccountStore.insert(Self.partner, tx)
                var merchants: [OrganisationID: [MerchantID]] = [:]
                for account in found {
                    merchants[account.organisationID] = try account.insert(
                        into: Self.partner, now: Self.now, tx)
                }
                return merchants
            }
        }

        func orders(_ name: String) async throws {
            let service = OrderService(database: database, wake: .silent)
            let lines = try EvaluationWorld.lines(folder, name)
            for start in stride(from: 0, to: lines.count, by: EvaluationWorld.batch) {
                let part = lines[start..<min(start + EvaluationWorld.batch, lines.count)]
                let body =
                    Array("[".utf8) + part.joined(separator: [UInt8(ascii: ",")]) + [
                        UInt8(ascii: "]")
                    ]
                let requests = try OrderRequest.create.decodeArray(
                    body, count: RequestLimits.ordersPerBatch)
                let result = try await service.create(requests, by: principal, now: Self.now)
                guard result.created.count == part.count else {
                    throw Settings.Invalid("\(name) has orders that are refused")
                }
            }
        }

        func patches() async throws {
            let lines = try EvaluationWorld.lines(folder, "patches.jsonl")
            for start in stride(from: 0, to: lines.count, by: Self.patchesAtOnce) {
                let part = lines[start..<min(start + Self.patchesAtOnce, lines.count)]
                let roots = try part.map { try JSONDocument.parse($0).root }
                // Those of one order stay in their order; several orders share a commit.
                let orders = Dictionary(grouping: roots) { $0["reference_id"]?.string }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for patches in orders.values {
                        group.addTask { for patch in patches { try await apply(patch) } }
                    }
                    try await group.waitForAll()
                }
            }
        }

        private static let patchesAtOnce = 256

        private func apply(_ patch: JSONValue) async throws {
            guard let id = try await order(patch), let body = patch["body"] else { return }
            _ = try await OrderService(database: database, wake: .silent).update(
                id, try OrderRequest.update.decode(Array(body.raw)), by: principal, now: Self.now)
        }

        private func order(_ root: JSONValue) async throws -> OrderID? {
            guard let integration = root["integration_id"]?.string,
                let reference = root["reference_id"]?.string
            else { return nil }
            return try await database.lookUp { tx in
                try OrderStore.stored(
                    references: [reference], in: IntegrationID(stored: integration), tx
                ).first?.id
            }
        }
    }
}

/// An organisation of a world as `world.json` has it.
private struct Account {
    let organisationID: OrganisationID
    let integrationID: IntegrationID
    let merchantNames: [String]

    init(_ value: JSONValue) {
        organisationID = .init(stored: value["organisation_id"]?.string ?? "")
        integrationID = .init(stored: value["integration_id"]?.string ?? "")
        merchantNames = value["merchants"]?.elements.compactMap { $0["name"]?.string } ?? []
    }

    func insert(
        into partner: Partner, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> [MerchantID] {
        try OrganisationStore.insert(
            Organisation(
                id: organisationID, partnerID: partner.id, name: "World", mode: partner.mode,
                createdAt: now, updatedAt: now, version: 1), tx)
        let merchants = merchantNames.map { name in
            Merchant.create(
                .init(
                    name: name, type: .generic, externalID: nil,
                    defaultRepresentmentServiceType: nil), organisationID: organisationID,
                now: Moment(now))
        }
        for merchant in merchants { try MerchantStore.insert(merchant, tx) }
        try IntegrationStore.insert(
            Integration(
                id: integrationID, organisationID: organisationID, type: .customOrders,
                details: .init(name: "Feed", status: .enabled, merchantIDs: merchants.map(\.id)),
                createdAt: now, updatedAt: now, version: 1), tx)
        return merchants.map(\.id)
    }
}
