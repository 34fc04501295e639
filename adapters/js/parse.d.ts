// Types of `proxy-auth/parse`: the parser alone.

export {
  AuthenticationInfo,
  ByteString,
  Challenge,
  Credentials,
  FieldName,
  Inspected,
  InspectedPart,
  Lines,
  ParseError,
  ParseOptions,
  ProxyAuthError,
  challengeResponse,
  inspect,
  parseAuthenticationInfo,
  parseChallenges,
  parseCredentials,
  toText,
} from './index.js';
