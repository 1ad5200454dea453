package import Hummingbird
import NIOCore

/// What a request carries besides itself: the address it came from, for the limit on failed
/// authentications.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The other end of the connection: the client or a proxy; nil in tests without a socket.
    var peer: NetworkAddress? {
        channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0) }
    }
}
