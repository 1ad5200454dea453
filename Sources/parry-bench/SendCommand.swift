import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import ParryWire
import Synchronization

/// Signs and sends webhooks as fast as the bare HTTP client can: no queue, no database, no retries. The
/// client is set up as the platform's own, so what the platform adds is all that lies between the two.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Sign and send webhooks with the bare HTTP client; print sends a second.")

    @Option(help: "Where to send, http or https.") var url: String
    @Option(help: "A file of what to send: on each line an id, a tab and a body.")
    var parcels: String
    @Option(help: "How many to send, from the top again when the file is shorter. Default: all.")
    var count: Int?
    @Option(help: "How many are under way at the same time.") var inFlight = 64
    @Option(help: "The secret to sign with.") var secret: String
    @Option(help: "Certificates to trust besides the system's (PEM).") var ca: String?

    func validate() throws {
        guard inFlight > 0, count ?? 1 > 0 else {
            throw ValidationError("--count and --in-flight must be at least 1")
        }
    }

    func run() async throws {
        let parcels = try Parcel.read(parcels)
        let total = count ?? parcels.count
        let client = try makeClient()
        let sender = Sender(
            client: client, url: url, signature: WebhookSignature(secret: secret), parcels: parcels,
            total: total)
        let started = ContinuousClock.now
        do {
            try await sender.sendAll(inFlight: inFlight)
        } catch {
            try? await client.shutdown()
            throw error
        }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        try await client.shutdown()
        print(
            #"{"sends": \#(total), "seconds": \#(seconds), "per_second": \#(Double(total) / seconds)}"#
        )
    }

    private func makeClient() throws -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let ca {
            tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(ca))]
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = inFlight
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup),
            configuration: configuration)
    }
}

/// One webhook before it is signed.
private struct Parcel: Sendable {
    let id: String
    let body: [UInt8]

    static func read(_ path: String) throws -> [Parcel] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let parcels = try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else {
                throw ValidationError("\(path) has a line without a tab")
            }
            return Parcel(
                id: String(decoding: line[..<tab], as: UTF8.self),
                body: Array(line[line.index(after: tab)...]))
        }
        guard !parcels.isEmpty else { throw ValidationError("\(path) is empty") }
        return parcels
    }
}

/// A number of workers that share one counter; each sends, waits for the answer and takes the next.
private final class Sender: Sendable {
    private static let deadline = TimeAmount.seconds(20)

    private let client: HTTPClient
    private let url: String
    private let signature: WebhookSignature
    private let parcels: [Parcel]
    private let total: Int
    private let taken = Atomic(0)

    init(
        client: HTTPClient, url: String, signature: WebhookSignature, parcels: [Parcel], total: Int
    ) {
        self.client = client
        self.url = url
        self.signature = signature
        self.parcels = parcels
        self.total = total
    }

    /// - Throws: The first failure, which ends the run: a measurement of errors is worth nothing.
    func sendAll(inFlight: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<inFlight { group.addTask { try await self.work() } }
            try await group.waitForAll()
        }
    }

    private func work() async throws {
        while true {
            let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < total else { return }
            try await send(parcels[index % parcels.count])
        }
    }

    private func send(_ parcel: Parcel) async throws {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = HTTPHeaders([
            ("Content-Type", "application/json"), ("User-Agent", "parry"),
            (WebhookSignature.headerName, signature.header(for: parcel.body, at: Self.now())),
            (WebhookSignature.idempotencyHeaderName, parcel.id),
        ])
        request.body = .bytes(ByteBuffer(bytes: parcel.body))
        let response = try await client.execute(
            request, deadline: NIODeadline.now() + Self.deadline)
        for try await _ in response.body {}
        guard (200..<300).contains(response.status.code) else {
            throw UnexpectedAnswer(status: response.status.code)
        }
    }

    private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// The receiver said something else than 2xx.
private struct UnexpectedAnswer: Error, CustomStringConvertible {
    let status: UInt

    var description: String { "the receiver answered \(status)" }
}
