package import Hummingbird
import NIOCore

/// What a request carries besides itself: the address it came from, for the limit on failed
/// authentications.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The other end of the connection: the client or a proxy; nil in tests without a socket.
    let peer: NetworkAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0) }
    }
}
