import { CreateProject, Project, refuse } from '@mixdown/contract';
import { copyDemo } from '../../db/queries/copy-demo.ts';
import { findProject } from '../../db/queries/find-project.ts';
import { insertProject } from '../../db/queries/insert-project.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { defineRoute } from '../../http/define-route.ts';

const DEFAULT_TEMPO = 120;
const DEFAULT_SAMPLE_RATE = 48_000;

export default defineRoute({
  method: 'POST',
  url: '/projects',
  operationId: 'createProject',
  summary: 'Create a project',
  description:
    'Empty, or (`from: "demo"`) a copy of the demo of your own. A guest has one copy of the demo, and gets the same one again.',
  tag: 'Projects',
  access: 'account',
  body: CreateProject.meta({
    examples: [
      { name: 'Night drive', tempo: 98, sampleRate: 48000 },
      { name: 'My demo', from: 'demo' },
    ],
  }),
  response: { 201: Project },
  refusals: ['guest_not_allowed', 'forbidden', 'unavailable'],
  async handle({ tx, request, reply, body }) {
    const { userId, role } = requireIdentity(request);
    const fromDemo = body.from === 'demo';
    if (role === 'guest' && !fromDemo) {
      throw refuse(
        'guest_not_allowed',
        'As a guest you play with the demo; sign up to start a project.',
      );
    }
    if (role !== 'pro' && role !== 'guest') {
      throw refuse('forbidden', 'Your account listens to exports; it does not make projects.');
    }
    const id = fromDemo
      ? await copyDemo(tx, body.name)
      : await insertProject(tx, {
          ownerId: userId,
          name: body.name,
          tempo: body.tempo ?? DEFAULT_TEMPO,
          sampleRate: body.sampleRate ?? DEFAULT_SAMPLE_RATE,
        });
    if (!id) throw refuse('unavailable', 'There is no demo project here yet.');
    reply.header('location', `/api/v1/daw/projects/${id}`);
    return findProject(tx, id);
  },
});
