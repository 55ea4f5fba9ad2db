/** The module that a page adds to its audio worklet (`…/worklet-entry?worker&url`): registers our processors. */
import { worklet } from './worklet/globals.ts';
import { MasterProcessor } from './worklet/master-processor.ts';
import { MASTER, SLOT_OUT, SOURCE, STRIP } from './worklet/messages.ts';
import { SlotOutProcessor } from './worklet/slot-out-processor.ts';
import { SourceProcessor } from './worklet/source-processor.ts';
import { StripProcessor } from './worklet/strip-processor.ts';

worklet.registerProcessor(MASTER, MasterProcessor);
worklet.registerProcessor(SOURCE, SourceProcessor);
worklet.registerProcessor(SLOT_OUT, SlotOutProcessor);
worklet.registerProcessor(STRIP, StripProcessor);
