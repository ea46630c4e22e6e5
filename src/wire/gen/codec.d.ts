// Made by `npm run proto` from proto/bproc/v1. Do not edit.
import type { Writer } from 'protobufjs/minimal.js';

interface Codec {
  encode(message: object): Writer;
  decode(reader: object): unknown;
}

export declare const bproc: {
  readonly v1: {
      Control: Codec;
      Failure: Codec;
      Manifest: Codec;
      Spec: Codec;
      MapAnswer: Codec;
      MapQuestion: Codec;
      MpiAnswer: Codec;
      MpiCall: Codec;
      MpiCommand: Codec;
      MpiNotice: Codec;
      MpiQuestion: Codec;
      MpiRanks: Codec;
      MpiReply: Codec;
      NssAnswer: Codec;
      NssQuestion: Codec;
      QueueAnswer: Codec;
      QueueQuestion: Codec;
      StatAnswer: Codec;
      StatOrder: Codec;
      StatDetailList: Codec;
      StatDetails: Codec;
      StatQuestion: Codec;
      StatReport: Codec;
  };
};
