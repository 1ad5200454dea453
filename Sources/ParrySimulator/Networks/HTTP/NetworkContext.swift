import HTTPTypes
package import Hummingbird
import NIOCore

/// What a request carries besides itself.
package struct NetworkContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Whether the caller is on this machine: only such a one may control the networks.
    let isLocal: Bool

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        let address = source.channel.remoteAddress?.ipAddress ?? ""
        isLocal =
            address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
    }
}

extension Response {
    /// An answer as a network gives it.
    init(_ answer: NetworkAnswer) {
        guard !answer.body.isEmpty else {
            self.init(status: .init(code: answer.status))
            return
        }
        self.init(
            status: .init(code: answer.status), headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}

extension Request {
    /// The body; nil when it is larger than the bound.
    func bytes(upTo limit: Int) async throws -> [UInt8]? {
        do {
            let buffer = try await body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            return nil
        } catch let error as HTTPError where error.status == .contentTooLarge {
            return nil
        }
    }
}
